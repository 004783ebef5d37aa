package org.slimquant.engine;

import org.slimquant.model.LeakyRelu;
import org.slimquant.model.MemoryPlan;

/** Runs a {@link LeakyRelu}. */
final class LeakyReluStep implements Step {

  private final int size;
  private final int input;
  private final int output;
  private final LeakyRelu relu;

  LeakyReluStep(LeakyRelu relu, MemoryPlan memory) {
    size = relu.output().size();
    input = memory.offset(relu.input().name());
    output = memory.offset(relu.output().name());
    this.relu = relu;
  }

  @Override
  public void run(Workspace workspace) {
    int[] codes = workspace.codes;
    for (int i = 0; i < size; i++) {
      codes[output + i] = relu.code(codes[input + i]);
    }
  }
}
