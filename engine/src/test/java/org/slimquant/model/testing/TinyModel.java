package org.slimquant.model.testing;

import java.util.List;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Add;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Concat;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Pad;
import org.slimquant.model.Requantize;
import org.slimquant.model.Reshape;
import org.slimquant.model.Slice;
import org.slimquant.model.Tile;
import org.slimquant.model.Transpose;
import org.slimquant.model.Window;

/** A small, handmade network with every kind of op. */
public final class TinyModel {

  static final FixedPoint INT8 = FixedPoint.signed(8, -4);

  static final IntegerTensor IMAGES =
      new IntegerTensor("images:0", List.of(4, 4, 1), FixedPoint.unsigned(8, -8));
  static final IntegerTensor CONV = new IntegerTensor("relu1:0", List.of(4, 4, 2), INT8);

  static final Conv2D CONV1 =
      new Conv2D(
          "conv1",
          IMAGES,
          new Kernel(
              List.of(2, 2, 1, 2),
              8,
              true,
              List.of(-7, -5),
              Codes.of(1, -2, 3, -4, 127, -127, 0, 9)),
          Codes.of(-70000, 5),
          Window.of(2, 2).withSamePadding(4, 4),
          CodeRange.relu(INT8),
          CONV);

  private TinyModel() {}

  public static IntegerModel model() {
    IntegerTensor pooled = new IntegerTensor("pool:0", List.of(2, 2, 2), INT8);
    IntegerTensor padded = new IntegerTensor("pad:0", List.of(3, 3, 2), INT8);
    IntegerTensor depthwise = new IntegerTensor("relu6:0", List.of(2, 2, 2), INT8);
    IntegerTensor sum = new IntegerTensor("add:0", List.of(2, 2, 2), FixedPoint.signed(8, -3));
    IntegerTensor both = new IntegerTensor("concat:0", List.of(2, 2, 4), FixedPoint.signed(8, -3));
    IntegerTensor tiled = new IntegerTensor("tile:0", List.of(4, 2, 4), both.format());
    IntegerTensor turned = new IntegerTensor("transpose:0", List.of(2, 4, 4), both.format());
    IntegerTensor sliced = new IntegerTensor("slice:0", List.of(2, 2, 4), both.format());
    IntegerTensor mean = new IntegerTensor("mean:0", List.of(1, 1, 4), FixedPoint.signed(8, -5));
    IntegerTensor flat = new IntegerTensor("flat:0", List.of(4), mean.format());
    IntegerTensor fine = new IntegerTensor("fine:0", List.of(4), FixedPoint.signed(12, -9));
    IntegerTensor logits = new IntegerTensor("logits:0", List.of(3), FixedPoint.signed(16, -10));
    return new IntegerModel(
        "small",
        IMAGES,
        logits,
        List.of(
            CONV1,
            new MaxPool("pool", CONV, Window.of(2, 2).withStrides(2, 2), pooled),
            new Pad("pad", pooled, List.of(0, 1, 0), List.of(1, 0, 0), padded),
            new DepthwiseConv2D(
                "depthwise",
                padded,
                Kernel.of(List.of(2, 2, 2, 1), FixedPoint.signed(4, -2), 7, -7, 1, 2, 3, 4, 5, 6),
                Codes.zeros(2),
                Window.of(2, 2),
                CodeRange.relu6(INT8),
                depthwise),
            new Add("add", pooled, depthwise, CodeRange.all(sum.format()), sum),
            new Concat("concat", List.of(sum, pooled), 2, CodeRange.all(both.format()), both),
            new Tile("tile", both, List.of(2, 1, 1), tiled),
            new Transpose("transpose", tiled, List.of(1, 0, 2), turned),
            new Slice("slice", turned, List.of(1, 3, 0), List.of(-1, -2, 1), sliced),
            new AveragePool("mean", sliced, Window.of(2, 2), CodeRange.all(mean.format()), mean),
            new Reshape("flat", mean, flat),
            new Requantize("fine", flat, CodeRange.all(fine.format()), fine),
            new Dense(
                "dense",
                fine,
                Kernel.of(
                    List.of(4, 3),
                    FixedPoint.unsigned(16, -12),
                    0,
                    1,
                    255,
                    256,
                    32767,
                    32768,
                    65535,
                    4,
                    5,
                    6,
                    7,
                    8),
                Codes.of(Integer.MIN_VALUE, 0, Integer.MAX_VALUE),
                CodeRange.all(logits.format()),
                logits)));
  }
}
