"""Many counties: each evaluated, one that fails named without stopping the others."""
