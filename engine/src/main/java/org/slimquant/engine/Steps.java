package org.slimquant.engine;

import org.slimquant.model.Add;
import org.slimquant.model.AveragePool;
import org.slimquant.model.Concat;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.MaxPool;
import org.slimquant.model.MemoryPlan;
import org.slimquant.model.Pad;
import org.slimquant.model.Requantize;
import org.slimquant.model.Reshape;

/** Makes ops ready to run. */
final class Steps {

  private Steps() {}

  /** Returns the step of an op. */
  static Step of(IntegerOp op, MemoryPlan memory) {
    if (op instanceof Conv2D conv) {
      return PlanarConvStep.suits(conv)
          ? new PlanarConvStep(conv, memory)
          : new ConvStep(conv, memory);
    } else if (op instanceof DepthwiseConv2D conv) {
      return new DepthwiseStep(conv, memory);
    } else if (op instanceof Dense dense) {
      return new DenseStep(dense, memory);
    } else if (op instanceof MaxPool pool) {
      return new MaxPoolStep(pool, memory);
    } else if (op instanceof AveragePool pool) {
      return new AverageStep(pool, memory);
    } else if (op instanceof Add add) {
      return new AddStep(add, memory);
    } else if (op instanceof Concat concat) {
      return new ConcatStep(concat, memory);
    } else if (op instanceof Pad pad) {
      return new PadStep(pad, memory);
    } else if (op instanceof Requantize requantize) {
      return new RequantizeStep(requantize, memory);
    } else if (op instanceof Reshape) {
      // Its output lies where its input does.
      return workspace -> {};
    }
    throw new AssertionError("an op must have a step, but has none: " + op);
  }
}
