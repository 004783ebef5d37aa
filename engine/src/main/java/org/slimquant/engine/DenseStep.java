package org.slimquant.engine;

/** Runs a {@link Dense}. */
final class DenseStep implements Step {

  private final int inputs;
  private final int channels;
  private final int input;
  private final int output;
  private final Accumulator accumulator;

  DenseStep(Dense dense, MemoryPlan memory) {
    inputs = dense.input().size();
    channels = dense.channels();
    input = memory.offset(dense.input().name());
    output = memory.offset(dense.output().name());
    accumulator = Accumulator.of(dense);
  }

  @Override
  public void run(Workspace workspace) {
    accumulator.begin(workspace);
    for (int i = 0; i < inputs; i++) {
      accumulator.add(workspace, workspace.codes[input + i], i * channels);
    }
    accumulator.end(workspace, output);
  }
}
