package org.slimquant.engine;

import org.slimquant.model.Dense;
import org.slimquant.model.MemoryPlan;

/** Runs a {@link Dense}. */
final class DenseStep implements Step {

  private final int inputs;
  private final int outputs;
  private final int input;
  private final int output;
  private final DenseAccumulator accumulator;

  DenseStep(Dense dense, MemoryPlan memory) {
    inputs = dense.input().size();
    outputs = dense.output().size();
    input = memory.offset(dense.input().name());
    output = memory.offset(dense.output().name());
    accumulator = DenseAccumulator.of(dense);
  }

  @Override
  public Scratch scratch() {
    return Scratch.ofChannels(outputs);
  }

  @Override
  public void run(Workspace workspace) {
    accumulator.begin(workspace);
    accumulator.add(workspace, input, inputs, 0);
    accumulator.end(workspace, output);
    accumulator.finish(workspace, output, outputs);
  }
}
