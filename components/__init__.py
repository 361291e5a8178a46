"""What screens are made of: functions of Vars and handlers that know no State."""
