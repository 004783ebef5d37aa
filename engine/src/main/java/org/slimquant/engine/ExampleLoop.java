package org.slimquant.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MemoryPlan;

/** Runs all ops of a model for each example of a batch. */
final class ExampleLoop {

  private final IntegerModel model;
  private final MemoryPlan memory;
  private final Step[] steps;
  private final Workspace.Pool workspaces;

  ExampleLoop(IntegerModel model, MemoryPlan memory) {
    this.model = model;
    this.memory = memory;
    steps = model.ops().stream().map(op -> Steps.of(op, memory)).toArray(Step[]::new);
    workspaces = new Workspace.Pool(memory.size(), scratch(steps));
  }

  /** Returns the scratch memory that is enough for each of the steps. */
  private static Scratch scratch(Step[] steps) {
    return Stream.of(steps).map(Step::scratch).reduce(Scratch.NONE, Scratch::max);
  }

  /**
   * Computes the outputs of a batch.
   *
   * @param read copies an example's inputs into the workspace
   * @param write copies an example's outputs from the workspace
   */
  <I, O> void run(int examples, I input, Transfer<I> read, O output, Transfer<O> write) {
    Workspace workspace = workspaces.take();
    try {
      for (int example = 0; example < examples; example++) {
        read.copy(input, example, workspace);
        for (Step step : steps) {
          step.run(workspace);
        }
        write.copy(output, example, workspace);
      }
    } finally {
      workspaces.giveBack(workspace);
    }
  }

  /**
   * Returns the codes of some tensors of a batch, in the order of their list.
   *
   * @param traced the names of the tensors
   */
  <I> Map<String, int[]> trace(int examples, I input, Transfer<I> read, List<String> traced) {
    Map<String, int[]> codes = new LinkedHashMap<>();
    for (String tensor : traced) {
      codes.put(tensor, new int[BatchCheck.lengthOf(model, model.tensor(tensor), examples)]);
    }
    Workspace workspace = workspaces.take();
    try {
      for (int example = 0; example < examples; example++) {
        read.copy(input, example, workspace);
        // A later tensor may take the place of an earlier one.
        for (IntegerTensor tensor : model.inputs()) {
          keep(tensor, workspace, codes, example);
        }
        for (int i = 0; i < steps.length; i++) {
          steps[i].run(workspace);
          keep(model.ops().get(i).output(), workspace, codes, example);
        }
      }
    } finally {
      workspaces.giveBack(workspace);
    }
    return codes;
  }

  private void keep(
      IntegerTensor tensor, Workspace workspace, Map<String, int[]> traced, int example) {
    int[] codes = traced.get(tensor.name());
    if (codes != null) {
      new Port(tensor, memory).writeCodes(codes, example, workspace);
    }
  }
}
