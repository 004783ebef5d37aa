package org.slimquant.benchmarks.inference;

/** A network that is ready to run on one batch, and what its run needs of the native memory. */
interface NetworkRunner extends AutoCloseable {

  /** Computes the output from the batch: what is timed. */
  void run();

  /** Runs, and returns the output as numbers, whatever the runner computes with. */
  float[] output();

  @Override
  void close();
}
