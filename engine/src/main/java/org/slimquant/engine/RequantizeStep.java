package org.slimquant.engine;

import org.slimquant.model.MemoryPlan;
import org.slimquant.model.Requantize;

/** Runs a {@link Requantize}. */
final class RequantizeStep implements Step {

  private final int size;
  private final int input;
  private final int output;
  private final OutputStage stage;

  RequantizeStep(Requantize requantize, MemoryPlan memory) {
    size = requantize.output().size();
    input = memory.offset(requantize.input().name());
    output = memory.offset(requantize.output().name());
    stage = OutputStage.of(requantize, requantize.input().format().frac());
  }

  @Override
  public void run(Workspace workspace) {
    System.arraycopy(workspace.codes, input, workspace.codes, output, size);
    stage.round(workspace.codes, output, size);
  }
}
