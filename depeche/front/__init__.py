"""What readers see: the home page, the frame of every page, its legal pages."""
