package org.slimquant.benchmarks.inference;

import com.google.flatbuffers.FlatBufferBuilder;
import org.slimquant.model.Padding;
import org.slimquant.model.Window;

/**
 * The table of an op's options in a TensorFlow Lite file, without the options that have their
 * defaults.
 */
interface TfLiteOptions {

  /** Writes the table, and returns its offset. */
  int write(FlatBufferBuilder builder);

  /** Returns {@code Conv2DOptions}. */
  static TfLiteOptions conv(Window window, Activation activation) {
    return builder -> {
      builder.startTable(6);
      slide(builder, window);
      builder.addByte(3, number(activation), 0);
      return builder.endTable();
    };
  }

  /** Returns {@code DepthwiseConv2DOptions}. */
  static TfLiteOptions depthwise(Window window, int multiplier, Activation activation) {
    return builder -> {
      builder.startTable(7);
      slide(builder, window);
      builder.addInt(3, multiplier, 0);
      builder.addByte(4, number(activation), 0);
      return builder.endTable();
    };
  }

  /** Returns {@code FullyConnectedOptions}. */
  static TfLiteOptions dense(Activation activation) {
    return builder -> {
      builder.startTable(4);
      builder.addByte(0, number(activation), 0);
      return builder.endTable();
    };
  }

  /** Returns {@code Pool2DOptions}. */
  static TfLiteOptions pool(Window window) {
    return builder -> {
      builder.startTable(6);
      slide(builder, window);
      builder.addInt(3, window.width(), 0);
      builder.addInt(4, window.height(), 0);
      return builder.endTable();
    };
  }

  private static void slide(FlatBufferBuilder builder, Window window) {
    // SAME is 0, VALID is 1.
    builder.addByte(0, (byte) (window.padding().equals(Padding.NONE) ? 1 : 0), 0);
    builder.addInt(1, window.strideWidth(), 0);
    builder.addInt(2, window.strideHeight(), 0);
  }

  private static byte number(Activation activation) {
    return switch (activation) {
      case NONE -> 0;
      case RELU -> 1;
      case RELU6 -> 3;
    };
  }
}
