package org.slimquant.deploy.certificate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.AveragePool;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Concat;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.LeakyRelu;
import org.slimquant.model.MatMul;
import org.slimquant.model.MaxPool;
import org.slimquant.model.OpCases;
import org.slimquant.model.Pad;
import org.slimquant.model.Requantize;
import org.slimquant.model.Reshape;
import org.slimquant.model.Slice;
import org.slimquant.model.Slope;
import org.slimquant.model.Table;
import org.slimquant.model.Tile;
import org.slimquant.model.Transpose;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.Window;
import org.slimquant.model.analysis.CodeRanges;
import org.slimquant.model.analysis.SumBounds;
import org.slimquant.model.analysis.WindowCounts;

/** Proves bounds for every sum of a model, op by op, from the codes that its tensors can hold. */
final class Prover implements OpCases<OpProof> {

  private final CodeRanges ranges;

  private Prover(CodeRanges ranges) {
    this.ranges = ranges;
  }

  static List<OpProof> prove(IntegerModel model) {
    Prover prover = new Prover(CodeRanges.clamped(model));
    return model.ops().stream().map(op -> op.apply(prover)).toList();
  }

  @Override
  public OpProof conv2D(Conv2D conv) {
    return proof(conv, channels(conv), excesses(conv));
  }

  @Override
  public OpProof depthwiseConv2D(DepthwiseConv2D conv) {
    return proof(conv, channels(conv));
  }

  @Override
  public OpProof dense(Dense dense) {
    return proof(dense, channels(dense));
  }

  @Override
  public OpProof maxPool(MaxPool pool) {
    return movesCodes(pool);
  }

  @Override
  public OpProof averagePool(AveragePool pool) {
    int exponent = pool.input().format().frac();
    List<SumProof> sums = new ArrayList<>();
    for (int count : WindowCounts.of(pool).distinct()) {
      SumBounds bounds = SumBounds.of(ranges.of(pool.input()), count);
      sums.add(sum(pool, "windows of " + count, bounds, exponent, count));
    }
    return proof(pool, sums);
  }

  /**
   * A maximum is a number that float32 has, whatever the steps of the two tensors are, and its code
   * is the maximum of their codes on the output's grid.
   */
  @Override
  public OpProof binary(BinaryOp op) {
    return switch (op.kind()) {
      case ADD, SUBTRACT, MULTIPLY -> {
        SumBounds bounds = SumBounds.of(op, ranges.of(op.left()), ranges.of(op.right()));
        yield proof(op, List.of(sum(op, "all", bounds, op.resultExponent(), 1)));
      }
      case MAXIMUM, MINIMUM -> roundsEachInput(op);
    };
  }

  @Override
  public OpProof matMul(MatMul product) {
    SumBounds sums = SumBounds.of(product, ranges.of(product.left()), ranges.of(product.right()));
    return proof(product, List.of(sum(product, "all", sums, product.sumExponent(), 1)));
  }

  @Override
  public OpProof concat(Concat concat) {
    return roundsEachInput(concat);
  }

  @Override
  public OpProof pad(Pad pad) {
    return movesCodes(pad);
  }

  @Override
  public OpProof slice(Slice slice) {
    return movesCodes(slice);
  }

  @Override
  public OpProof transpose(Transpose transpose) {
    return movesCodes(transpose);
  }

  @Override
  public OpProof tile(Tile tile) {
    return movesCodes(tile);
  }

  @Override
  public OpProof reshape(Reshape reshape) {
    return movesCodes(reshape);
  }

  @Override
  public OpProof requantize(Requantize requantize) {
    return proof(requantize, List.of(rounding(requantize, requantize.input(), "all")));
  }

  @Override
  public OpProof table(Table table) {
    return new OpProof(
        table.name(),
        table.type(),
        List.of(),
        List.of(),
        Optional.of(table.nearestTie()).filter(tie -> tie.ulps() < Double.POSITIVE_INFINITY));
  }

  /** The products of a code are exact; they are rounded from 0 on, and below 0. */
  @Override
  public OpProof leakyRelu(LeakyRelu relu) {
    CodeRange codes = ranges.of(relu.input());
    List<SumProof> sums = new ArrayList<>();
    if (codes.max() >= 0) {
      sums.add(product(relu, "from 0 on", relu.positive(), Math.max(0, codes.min()), codes.max()));
    }
    if (codes.min() < 0) {
      sums.add(product(relu, "below 0", relu.negative(), codes.min(), Math.min(-1, codes.max())));
    }
    return proof(relu, sums);
  }

  private static SumProof product(LeakyRelu relu, String name, Slope slope, int min, int max) {
    SumBounds bounds =
        SumBounds.of(
            new CodeRange(
                Math.min(slope.sign() * min, slope.sign() * max),
                Math.max(slope.sign() * min, slope.sign() * max)),
            1);
    return sum(relu, name, bounds, relu.input().format().frac() + slope.exponent(), 1);
  }

  private OpProof roundsEachInput(IntegerOp op) {
    return proof(
        op,
        op.inputs().stream().map(input -> rounding(op, input, "input " + input.name())).toList());
  }

  private static OpProof movesCodes(IntegerOp op) {
    return proof(op, List.of());
  }

  private static OpProof proof(IntegerOp op, List<SumProof> sums) {
    return proof(op, sums, List.of());
  }

  private static OpProof proof(IntegerOp op, List<SumProof> sums, List<Excess> excesses) {
    return new OpProof(op.name(), op.type(), sums, excesses, Optional.empty());
  }

  private static List<Excess> excesses(Conv2D conv) {
    int rows = conv.output().shape().get(0);
    boolean isOneColumn = conv.output().shape().get(1) == 1;
    return isOnlyAcross(conv) && isOneColumn && rows > Rule.SINGLE_COLUMN.limit()
        ? List.of(new Excess(Rule.SINGLE_COLUMN, rows))
        : List.of();
  }

  /**
   * Returns whether a kernel wider than 1 moves over one channel by 1 row and by several columns.
   */
  private static boolean isOnlyAcross(Conv2D conv) {
    Window window = conv.window();
    return conv.input().shape().get(2) == 1
        && window.width() > 1
        && window.strideHeight() == 1
        && window.strideWidth() > 1;
  }

  private List<SumProof> channels(WeightedOp layer) {
    List<SumBounds> bounds = SumBounds.of(layer, ranges.of(layer.input()));
    List<SumProof> sums = new ArrayList<>();
    for (int channel = 0; channel < bounds.size(); channel++) {
      int exponent = layer.accumulatorExponent(channel);
      sums.add(sum(layer, "channel " + channel, bounds.get(channel), exponent, 1));
    }
    return sums;
  }

  private SumProof rounding(IntegerOp op, IntegerTensor input, String name) {
    return sum(op, name, SumBounds.of(ranges.of(input), 1), input.format().frac(), 1);
  }

  private static SumProof sum(
      IntegerOp op, String name, SumBounds bounds, int exponent, int divisor) {
    FixedPoint output = op.output().format();
    int shift = output.frac() - exponent;
    return new SumProof(
        name,
        bounds.magnitude(),
        divisor,
        exponent,
        shift,
        RoundingBits.of(output, op.range(), shift, divisor, bounds.min(), bounds.max()));
  }
}
