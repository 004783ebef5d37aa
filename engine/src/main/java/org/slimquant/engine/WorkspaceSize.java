package org.slimquant.engine;

import java.util.List;
import org.slimquant.model.AveragePool;
import org.slimquant.model.Conv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MaxPool;
import org.slimquant.model.MemoryPlan;
import org.slimquant.model.WeightedOp;

/**
 * What a {@link Workspace} must have room for.
 *
 * @param codes the codes of all tensors, as a {@link MemoryPlan} has placed them
 * @param channels the output channels of an op
 * @param row the codes of a row of an image that is pooled, before or after it
 * @param groups the doubles that the output channels of a convolution take: see {@link
 *     ChannelPacking}
 * @param lines the lines of a convolution: see {@link PlanarLayout}
 * @param places the length of a line
 */
record WorkspaceSize(int codes, int channels, int row, int groups, int lines, int places) {

  /** Returns the size that all ops of a model can do with. */
  static WorkspaceSize of(IntegerModel model, MemoryPlan memory) {
    int channels = 0;
    int row = 0;
    for (IntegerOp op : model.ops()) {
      if (op instanceof WeightedOp || op instanceof AveragePool) {
        channels = Math.max(channels, op.output().shape().get(op.output().rank() - 1));
      } else if (op instanceof MaxPool pool) {
        row = Math.max(row, Math.max(rowOf(pool.input()), rowOf(pool.output())));
      }
    }
    List<Conv2D> planar =
        model.ops().stream()
            .filter(Conv2D.class::isInstance)
            .map(Conv2D.class::cast)
            .filter(PlanarConvStep::suits)
            .toList();
    int groups = 0;
    int lines = 0;
    int places = 0;
    for (Conv2D conv : planar) {
      PlanarLayout layout = PlanarLayout.of(conv);
      groups = Math.max(groups, ChannelPacking.of(conv).groups());
      lines = Math.max(lines, layout.lines());
      places = Math.max(places, layout.places());
    }
    return new WorkspaceSize(memory.size(), channels, row, groups, lines, places);
  }

  private static int rowOf(IntegerTensor image) {
    return image.shape().get(1) * image.shape().get(2);
  }
}
