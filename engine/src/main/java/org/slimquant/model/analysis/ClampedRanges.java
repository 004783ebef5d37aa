package org.slimquant.model.analysis;

import org.slimquant.model.AveragePool;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Concat;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.LeakyRelu;
import org.slimquant.model.MatMul;
import org.slimquant.model.MaxPool;
import org.slimquant.model.OpCases;
import org.slimquant.model.Pad;
import org.slimquant.model.Requantize;
import org.slimquant.model.Reshape;
import org.slimquant.model.Slice;
import org.slimquant.model.Table;
import org.slimquant.model.Tile;
import org.slimquant.model.Transpose;

/** The ranges that the clamps of the ops leave. */
class ClampedRanges implements OpCases<CodeRange> {

  private final CodeRanges ranges;

  ClampedRanges(CodeRanges ranges) {
    this.ranges = ranges;
  }

  @Override
  public CodeRange conv2D(Conv2D conv) {
    return conv.range();
  }

  @Override
  public CodeRange depthwiseConv2D(DepthwiseConv2D conv) {
    return conv.range();
  }

  @Override
  public CodeRange dense(Dense dense) {
    return dense.range();
  }

  @Override
  public CodeRange maxPool(MaxPool pool) {
    return ranges.of(pool.input());
  }

  @Override
  public CodeRange averagePool(AveragePool pool) {
    return pool.range();
  }

  @Override
  public CodeRange binary(BinaryOp op) {
    return op.range();
  }

  @Override
  public CodeRange matMul(MatMul product) {
    return product.range();
  }

  @Override
  public CodeRange concat(Concat concat) {
    return concat.range();
  }

  @Override
  public CodeRange pad(Pad pad) {
    CodeRange inside = ranges.of(pad.input());
    return new CodeRange(Math.min(pad.code(), inside.min()), Math.max(pad.code(), inside.max()));
  }

  @Override
  public CodeRange slice(Slice slice) {
    return ranges.of(slice.input());
  }

  @Override
  public CodeRange transpose(Transpose transpose) {
    return ranges.of(transpose.input());
  }

  @Override
  public CodeRange tile(Tile tile) {
    return ranges.of(tile.input());
  }

  @Override
  public CodeRange reshape(Reshape reshape) {
    return ranges.of(reshape.input());
  }

  @Override
  public CodeRange requantize(Requantize requantize) {
    return requantize.range();
  }

  @Override
  public CodeRange table(Table table) {
    return table.codes(ranges.of(table.input()));
  }

  @Override
  public CodeRange leakyRelu(LeakyRelu relu) {
    return relu.range();
  }
}
