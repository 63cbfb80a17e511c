"""The desk process: reads manuscripts for web, worker and command line, one at a time, without Django."""
