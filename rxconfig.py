import reflex as rx

config = rx.Config(
    app_name="smartmenu",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    frontend_compression_formats=["brotli", "gzip"],
    frontend_lazy_bundled_libraries=True,
    default_color_mode="light",
    plugins=[rx.plugins.SitemapPlugin()],
)
