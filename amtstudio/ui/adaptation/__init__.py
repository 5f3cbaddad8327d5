"""Personal fine-tuning in the window: choose recordings, watch, judge the result, keep profiles."""
