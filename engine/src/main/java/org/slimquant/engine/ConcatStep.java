package org.slimquant.engine;

import java.util.List;
import org.slimquant.model.Concat;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MemoryPlan;
import org.slimquant.model.check.Shapes;

/** Runs a {@link Concat}. */
final class ConcatStep implements Step {

  private final Part[] parts;

  ConcatStep(Concat concat, MemoryPlan memory) {
    parts = new Part[concat.inputs().size()];
    int before = 0;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Part.of(concat, concat.inputs().get(i), before, memory);
      before += concat.inputs().get(i).shape().get(concat.axis());
    }
  }

  @Override
  public void run(Workspace workspace) {
    for (Part part : parts) {
      part.copy(workspace.codes);
    }
  }

  /**
   * Where one of the inputs goes: in {@code blocks} blocks, as many as the axes before the concat's
   * have elements.
   */
  private record Part(
      int blocks, int inputBlock, int outputBlock, int input, int output, OutputStage stage) {

    static Part of(Concat concat, IntegerTensor input, int before, MemoryPlan memory) {
      int axis = concat.axis();
      List<Integer> shape = input.shape();
      int inner = Shapes.size(shape.subList(axis + 1, shape.size()), input.name());
      return new Part(
          Shapes.size(shape.subList(0, axis), input.name()),
          shape.get(axis) * inner,
          concat.output().shape().get(axis) * inner,
          memory.offset(input.name()),
          memory.offset(concat.output().name()) + before * inner,
          OutputStage.of(concat, input.format().frac()));
    }

    void copy(int[] codes) {
      for (int block = 0; block < blocks; block++) {
        int first = output + block * outputBlock;
        System.arraycopy(codes, input + block * inputBlock, codes, first, inputBlock);
        stage.round(codes, first, inputBlock);
      }
    }
  }
}
