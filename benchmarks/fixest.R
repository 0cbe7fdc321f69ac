# fixest.R FOLDER VILLAGES MONTHS BASE RUNS MODEL...   one line a model: name, median wall, median cpu, fastest, coefficients, errors
suppressMessages(library(fixest))
args <- commandArgs(TRUE)
folder <- args[1]
n <- as.integer(args[2]); months <- as.integer(args[3]); base <- as.integer(args[4]); runs <- as.integer(args[5])
models <- args[-(1:5)]
setFixest_nthreads(0)  # all cores
read <- function(name, length) readBin(file.path(folder, name), "double", length)

data <- data.frame(
  y = read("y", n * months), village = rep(seq_len(n), each = months), month = rep(seq_len(months) - 1L, times = n),
  listed = rep(read("listed", n), each = months), township = rep(as.integer(read("cluster", n)), each = months)
)
data$d <- data$listed * rep(read("post", months), times = n)

by_month <- as.formula(sprintf("y ~ i(month, listed, ref = %d) | village + month", base))
fits <- list(
  "two-way DiD" = function() feols(y ~ d | village + month, data, vcov = ~township, ssc = small, lean = TRUE, notes = FALSE),
  "event study" = function() feols(by_month, data, vcov = ~township, ssc = small, lean = TRUE, notes = FALSE),
  "Poisson" = function() fepois(y ~ d | village + month, data, vcov = ~township, ssc = small, lean = TRUE, notes = FALSE)
)
# The arguments of ssc were renamed in fixest 0.13.
small <- if ("K.adj" %in% names(formals(ssc))) ssc(K.adj = FALSE, G.adj = TRUE) else ssc(adj = FALSE, cluster.adj = TRUE)

digits <- function(x) paste(format(x, digits = 17, trim = TRUE), collapse = " ")
for (model in models) {
  invisible(fits[[model]]())
  seconds <- replicate(runs, {
    t <- system.time(fit <<- fits[[model]]())
    c(t[["elapsed"]], t[["user.self"]] + t[["sys.self"]])
  })
  cat(model, median(seconds[1, ]), median(seconds[2, ]), min(seconds[1, ]), digits(coef(fit)), digits(se(fit)), sep = "\t")
  cat("\n")
}
