package org.slimquant.deploy.c;

import java.util.List;
import org.slimquant.model.AveragePool;
import org.slimquant.model.BinaryOp;
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
import org.slimquant.model.analysis.CodeRanges;

/**
 * The kinds of requantization of an op: one for each requantization. An average divides instead.
 *
 * @param ranges the codes that tensors can hold
 */
record Requantizations(CodeRanges ranges) implements OpCases<List<RequantizationKind>> {

  @Override
  public List<RequantizationKind> conv2D(Conv2D conv) {
    return List.of(RequantizationKind.of(conv, ranges));
  }

  @Override
  public List<RequantizationKind> depthwiseConv2D(DepthwiseConv2D conv) {
    return List.of(RequantizationKind.of(conv, ranges));
  }

  @Override
  public List<RequantizationKind> dense(Dense dense) {
    return List.of(RequantizationKind.of(dense, ranges));
  }

  @Override
  public List<RequantizationKind> maxPool(MaxPool pool) {
    return List.of();
  }

  @Override
  public List<RequantizationKind> averagePool(AveragePool pool) {
    return List.of();
  }

  @Override
  public List<RequantizationKind> binary(BinaryOp op) {
    return List.of(RequantizationKind.of(op, ranges));
  }

  @Override
  public List<RequantizationKind> matMul(MatMul product) {
    return List.of(RequantizationKind.of(product, ranges));
  }

  @Override
  public List<RequantizationKind> concat(Concat concat) {
    return concat.inputs().stream()
        .map(input -> RequantizationKind.of(concat, input, ranges))
        .toList();
  }

  @Override
  public List<RequantizationKind> pad(Pad pad) {
    return List.of();
  }

  @Override
  public List<RequantizationKind> slice(Slice slice) {
    return List.of();
  }

  @Override
  public List<RequantizationKind> transpose(Transpose transpose) {
    return List.of();
  }

  @Override
  public List<RequantizationKind> tile(Tile tile) {
    return List.of();
  }

  @Override
  public List<RequantizationKind> reshape(Reshape reshape) {
    return List.of();
  }

  @Override
  public List<RequantizationKind> requantize(Requantize requantize) {
    return List.of(RequantizationKind.of(requantize, requantize.input(), ranges));
  }

  @Override
  public List<RequantizationKind> table(Table table) {
    return List.of();
  }

  @Override
  public List<RequantizationKind> leakyRelu(LeakyRelu relu) {
    return List.of(RequantizationKind.of(relu, ranges));
  }
}
