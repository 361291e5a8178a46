"""What a guest's card shows, in words: made from what the services let this person see."""
