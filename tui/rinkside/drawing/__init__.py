"""What the screens show, as lines of text with roles of colour: pure functions of a scene."""
