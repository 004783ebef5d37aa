package org.slimquant.model;

import org.slimquant.model.proto.AddRecord;
import org.slimquant.model.proto.AveragePoolRecord;
import org.slimquant.model.proto.ConcatRecord;
import org.slimquant.model.proto.Conv2DRecord;
import org.slimquant.model.proto.DenseRecord;
import org.slimquant.model.proto.DepthwiseConv2DRecord;
import org.slimquant.model.proto.LeakyReluRecord;
import org.slimquant.model.proto.MatMulRecord;
import org.slimquant.model.proto.MaxPoolRecord;
import org.slimquant.model.proto.MaximumRecord;
import org.slimquant.model.proto.MinimumRecord;
import org.slimquant.model.proto.MultiplyRecord;
import org.slimquant.model.proto.OpRecord;
import org.slimquant.model.proto.PadRecord;
import org.slimquant.model.proto.RequantizeRecord;
import org.slimquant.model.proto.ReshapeRecord;
import org.slimquant.model.proto.SliceRecord;
import org.slimquant.model.proto.SlopeRecord;
import org.slimquant.model.proto.SubtractRecord;
import org.slimquant.model.proto.TableRecord;
import org.slimquant.model.proto.TileRecord;
import org.slimquant.model.proto.TransposeRecord;
import org.slimquant.model.proto.WindowRecord;

/** Adds to an op's message the fields of its kind, for {@link OpReader}. */
final class OpWriter implements OpCases<OpRecord.Builder> {

  private final OpRecord.Builder message;
  private final WeightsIndex weights;

  /**
   * Creates a writer.
   *
   * @param weights gets the weights that the op refers to
   */
  OpWriter(OpRecord.Builder message, WeightsIndex weights) {
    this.message = message;
    this.weights = weights;
  }

  @Override
  public OpRecord.Builder conv2D(Conv2D conv) {
    return withRange(conv)
        .setConv2D(
            Conv2DRecord.newBuilder()
                .setWindow(window(conv.window()))
                .setKernel(weights.index(conv.kernel()))
                .setBias(weights.index(conv.bias())));
  }

  @Override
  public OpRecord.Builder depthwiseConv2D(DepthwiseConv2D conv) {
    return withRange(conv)
        .setDepthwiseConv2D(
            DepthwiseConv2DRecord.newBuilder()
                .setWindow(window(conv.window()))
                .setKernel(weights.index(conv.kernel()))
                .setBias(weights.index(conv.bias())));
  }

  @Override
  public OpRecord.Builder dense(Dense dense) {
    return withRange(dense)
        .setDense(
            DenseRecord.newBuilder()
                .setKernel(weights.index(dense.kernel()))
                .setBias(weights.index(dense.bias())));
  }

  @Override
  public OpRecord.Builder maxPool(MaxPool pool) {
    return message.setMaxPool(MaxPoolRecord.newBuilder().setWindow(window(pool.window())));
  }

  @Override
  public OpRecord.Builder averagePool(AveragePool pool) {
    return withRange(pool)
        .setAveragePool(AveragePoolRecord.newBuilder().setWindow(window(pool.window())));
  }

  @Override
  public OpRecord.Builder binary(BinaryOp op) {
    OpRecord.Builder record = withRange(op);
    return switch (op.kind()) {
      case ADD -> record.setAdd(AddRecord.getDefaultInstance());
      case SUBTRACT -> record.setSubtract(SubtractRecord.getDefaultInstance());
      case MULTIPLY -> record.setMultiply(MultiplyRecord.getDefaultInstance());
      case MAXIMUM -> record.setMaximum(MaximumRecord.getDefaultInstance());
      case MINIMUM -> record.setMinimum(MinimumRecord.getDefaultInstance());
    };
  }

  @Override
  public OpRecord.Builder matMul(MatMul product) {
    return withRange(product)
        .setMatMul(
            MatMulRecord.newBuilder()
                .setTransposesLeft(product.transposesLeft())
                .setTransposesRight(product.transposesRight()));
  }

  @Override
  public OpRecord.Builder concat(Concat concat) {
    return withRange(concat).setConcat(ConcatRecord.newBuilder().setAxis(concat.axis()));
  }

  @Override
  public OpRecord.Builder pad(Pad pad) {
    PadRecord.Builder record =
        PadRecord.newBuilder().addAllBefore(pad.before()).addAllAfter(pad.after());
    return message.setPad(pad.code() == 0 ? record : record.setCode(pad.code()));
  }

  @Override
  public OpRecord.Builder slice(Slice slice) {
    return message.setSlice(
        SliceRecord.newBuilder().addAllBegin(slice.begin()).addAllStride(slice.stride()));
  }

  @Override
  public OpRecord.Builder transpose(Transpose transpose) {
    return message.setTranspose(
        TransposeRecord.newBuilder().addAllPermutation(transpose.permutation()));
  }

  @Override
  public OpRecord.Builder tile(Tile tile) {
    return message.setTile(TileRecord.newBuilder().addAllRepeats(tile.repeats()));
  }

  @Override
  public OpRecord.Builder reshape(Reshape reshape) {
    return message.setReshape(ReshapeRecord.getDefaultInstance());
  }

  @Override
  public OpRecord.Builder requantize(Requantize requantize) {
    return withRange(requantize).setRequantize(RequantizeRecord.getDefaultInstance());
  }

  @Override
  public OpRecord.Builder table(Table table) {
    return message.setTable(
        TableRecord.newBuilder()
            .setCode(CodeBytes.of(table.codes(), table.output().format().bits()))
            .setTieCode(table.nearestTie().code())
            .setTieUlps(table.nearestTie().ulps())
            .setExactOps(table.nearestTie().exactOps()));
  }

  @Override
  public OpRecord.Builder leakyRelu(LeakyRelu relu) {
    return withRange(relu)
        .setLeakyRelu(
            LeakyReluRecord.newBuilder()
                .setPositive(slope(relu.positive()))
                .setNegative(slope(relu.negative())));
  }

  private static SlopeRecord slope(Slope slope) {
    return SlopeRecord.newBuilder().setSign(slope.sign()).setExponent(slope.exponent()).build();
  }

  private OpRecord.Builder withRange(IntegerOp op) {
    return message.setMin(op.range().min()).setMax(op.range().max());
  }

  private static WindowRecord window(Window window) {
    return WindowRecord.newBuilder()
        .setHeight(window.height())
        .setWidth(window.width())
        .setStrideDown(window.strideHeight())
        .setStrideAcross(window.strideWidth())
        .setDilationDown(window.dilationHeight())
        .setDilationAcross(window.dilationWidth())
        .setTop(window.padding().top())
        .setBottom(window.padding().bottom())
        .setLeft(window.padding().left())
        .setRight(window.padding().right())
        .build();
  }
}
