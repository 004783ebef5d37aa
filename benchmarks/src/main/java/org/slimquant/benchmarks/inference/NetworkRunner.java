package org.slimquant.benchmarks.inference;

/** A network that is ready to run on one batch, with the native memory that a run needs. */
interface NetworkRunner extends AutoCloseable {

  /** Computes the output from the batch. This call is timed. */
  void run();

  /** Runs, and returns the output as numbers, whatever type the runner computes with. */
  float[] output();

  @Override
  void close();
}
