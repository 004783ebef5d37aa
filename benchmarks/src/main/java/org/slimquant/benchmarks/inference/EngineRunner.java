package org.slimquant.benchmarks.inference;

import org.slimquant.engine.IntegerEngine;

/** The integer engine, with one thread. */
final class EngineRunner implements NetworkRunner {

  private final IntegerEngine engine;
  private final int[] images;
  private final int[] output;

  EngineRunner(Workload workload) {
    engine = IntegerEngine.of(workload.model());
    images = workload.images().toArray();
    output = new int[workload.expected().length];
  }

  @Override
  public void run() {
    engine.run(images, output);
  }

  @Override
  public float[] output() {
    run();
    return Workload.numbers(engine.model().output(), output);
  }

  @Override
  public void close() {}
}
