"""Pure algorithms of summer employment: what the law allows on each work day, who gets which post, and what is paid."""
