"""What runs in an application's container beside the application."""
