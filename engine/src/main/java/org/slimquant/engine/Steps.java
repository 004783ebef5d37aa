package org.slimquant.engine;

import org.slimquant.model.AveragePool;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.Concat;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.LeakyRelu;
import org.slimquant.model.MatMul;
import org.slimquant.model.MaxPool;
import org.slimquant.model.MemoryPlan;
import org.slimquant.model.OpCases;
import org.slimquant.model.Pad;
import org.slimquant.model.Requantize;
import org.slimquant.model.Reshape;
import org.slimquant.model.Slice;
import org.slimquant.model.Table;
import org.slimquant.model.Tile;
import org.slimquant.model.Transpose;
import org.slimquant.model.analysis.StridedCopy;

/** Makes the step of each op. */
final class Steps implements OpCases<Step> {

  private static final Step NOTHING = workspace -> {};

  private final MemoryPlan memory;

  private Steps(MemoryPlan memory) {
    this.memory = memory;
  }

  /** Returns the step of an op. */
  static Step of(IntegerOp op, MemoryPlan memory) {
    return op.apply(new Steps(memory));
  }

  @Override
  public Step conv2D(Conv2D conv) {
    return PlanarConvStep.suits(conv)
        ? new PlanarConvStep(conv, memory)
        : new ConvStep(conv, memory);
  }

  @Override
  public Step depthwiseConv2D(DepthwiseConv2D conv) {
    return new DepthwiseStep(conv, memory);
  }

  @Override
  public Step dense(Dense dense) {
    return new DenseStep(dense, memory);
  }

  @Override
  public Step maxPool(MaxPool pool) {
    return new MaxPoolStep(pool, memory);
  }

  @Override
  public Step averagePool(AveragePool pool) {
    return new AverageStep(pool, memory);
  }

  @Override
  public Step binary(BinaryOp op) {
    return new BinaryStep(op, memory);
  }

  @Override
  public Step matMul(MatMul product) {
    return new MatMulStep(product, memory);
  }

  @Override
  public Step concat(Concat concat) {
    return new ConcatStep(concat, memory);
  }

  @Override
  public Step pad(Pad pad) {
    return new PadStep(pad, memory);
  }

  @Override
  public Step slice(Slice slice) {
    return new CopyStep(slice, StridedCopy.of(slice), memory);
  }

  @Override
  public Step transpose(Transpose transpose) {
    return new CopyStep(transpose, StridedCopy.of(transpose), memory);
  }

  @Override
  public Step tile(Tile tile) {
    return new CopyStep(tile, StridedCopy.of(tile), memory);
  }

  @Override
  public Step reshape(Reshape reshape) {
    // The memory plan gives the output the place of the input.
    return NOTHING;
  }

  @Override
  public Step requantize(Requantize requantize) {
    return new RequantizeStep(requantize, memory);
  }

  @Override
  public Step table(Table table) {
    return new TableStep(table, memory);
  }

  @Override
  public Step leakyRelu(LeakyRelu relu) {
    return new LeakyReluStep(relu, memory);
  }
}
