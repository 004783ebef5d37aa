package org.slimquant.engine;

import org.slimquant.model.Concat;
import org.slimquant.model.MemoryPlan;
import org.slimquant.model.analysis.ConcatBlocks;

/** Runs a {@link Concat}. */
final class ConcatStep implements Step {

  private final Part[] parts;

  ConcatStep(Concat concat, MemoryPlan memory) {
    parts =
        ConcatBlocks.of(concat).stream()
            .map(blocks -> Part.of(concat, blocks, memory))
            .toArray(Part[]::new);
  }

  @Override
  public void run(Workspace workspace) {
    for (Part part : parts) {
      part.copy(workspace.codes);
    }
  }

  /** The blocks of one of the inputs, and the places in memory of the first block. */
  private record Part(ConcatBlocks blocks, int input, int output, OutputStage stage) {

    static Part of(Concat concat, ConcatBlocks blocks, MemoryPlan memory) {
      return new Part(
          blocks,
          memory.offset(blocks.input().name()),
          memory.offset(concat.output().name()) + blocks.first(),
          OutputStage.of(concat, blocks.input().format().frac()));
    }

    void copy(int[] codes) {
      int size = blocks.size();
      for (int block = 0; block < blocks.count(); block++) {
        int first = output + block * blocks.stride();
        System.arraycopy(codes, input + block * size, codes, first, size);
        stage.round(codes, first, size);
      }
    }
  }
}
