package org.slimquant.benchmarks.inference;

import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.WeightedOp;

/** The activation functions that the range of an op's codes can express. */
enum Activation {
  NONE,
  RELU,
  RELU6;

  /** Returns the activation of an op. */
  static Activation of(WeightedOp op) {
    FixedPoint format = op.output().format();
    if (op.range().equals(CodeRange.all(format)) && format.signed()) {
      return NONE;
    } else if (op.range().equals(CodeRange.relu(format))) {
      return RELU;
    } else if (op.range().equals(CodeRange.relu6(format))) {
      return RELU6;
    }
    throw new IllegalArgumentException(
        "op %s must have the range of an activation, but has %s".formatted(op.name(), op.range()));
  }
}
