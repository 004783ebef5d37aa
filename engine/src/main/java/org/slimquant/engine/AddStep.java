package org.slimquant.engine;

import org.slimquant.model.Add;
import org.slimquant.model.MemoryPlan;

/** Runs an {@link Add}. */
final class AddStep implements Step {

  private final int size;
  private final int left;
  private final int leftShift;
  private final int right;
  private final int rightShift;
  private final int output;
  private final OutputStage stage;

  AddStep(Add add, MemoryPlan memory) {
    size = add.output().size();
    left = memory.offset(add.left().name());
    leftShift = add.left().format().frac() - add.sumExponent();
    right = memory.offset(add.right().name());
    rightShift = add.right().format().frac() - add.sumExponent();
    output = memory.offset(add.output().name());
    stage = OutputStage.of(add, add.sumExponent());
  }

  @Override
  public void run(Workspace workspace) {
    int[] codes = workspace.codes;
    for (int i = 0; i < size; i++) {
      codes[output + i] =
          stage.code(
              ((long) codes[left + i] << leftShift) + ((long) codes[right + i] << rightShift));
    }
  }
}
