package org.slimquant.runtime.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.slimquant.runtime.testing.ProductSums.Axis;
import org.tensorflow.OperationBuilder;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;

/** Every op that may have a kernel, with every padding, and with strides and dilations. */
public final class KernelOpCases {

  private static final List<String> PADDINGS = List.of("SAME", "VALID", "EXPLICIT");

  /** The padding before and after rows and columns. */
  private static final int[] EXPLICIT = {2, 1, 0, 1};

  private KernelOpCases() {}

  public static Stream<KernelOpCase> all() {
    return Stream.of(convolutions(), transposed(), volumes(), products(), einsums())
        .flatMap(List::stream);
  }

  /** A window over rows and columns. */
  private record Sliding(
      String padding, int down, int across, int dilationDown, int dilationAcross) {

    List<Axis> axes(Shape x, Shape w) {
      return List.of(
          new Axis(1, 1, 0, 0),
          axis(down, dilationDown, x.get(1), w.get(0), 0),
          axis(across, dilationAcross, x.get(2), w.get(1), 2));
    }

    private Axis axis(int stride, int dilation, long size, long kernel, int explicit) {
      return switch (padding) {
        case "SAME" -> Axis.same(stride, dilation, size, kernel);
        case "VALID" -> new Axis(stride, dilation, 0, 0);
        default -> new Axis(stride, dilation, EXPLICIT[explicit], EXPLICIT[explicit + 1]);
      };
    }

    boolean dilated() {
      return dilationDown * dilationAcross > 1;
    }

    OperationBuilder attributes(OperationBuilder builder) {
      return builder
          .setAttr("strides", new long[] {1, down, across, 1})
          .setAttr("dilations", new long[] {1, dilationDown, dilationAcross, 1})
          .setAttr("padding", padding)
          .setAttr(
              "explicit_paddings",
              padding.equals("EXPLICIT")
                  ? LongStream.concat(
                          LongStream.concat(
                              LongStream.of(0, 0), IntStream.of(EXPLICIT).asLongStream()),
                          LongStream.of(0, 0))
                      .toArray()
                  : new long[0]);
    }

    @Override
    public String toString() {
      return "%s, strides %d %d, dilations %d %d"
          .formatted(padding, down, across, dilationDown, dilationAcross);
    }
  }

  private static List<Sliding> windows() {
    List<Sliding> windows = new ArrayList<>();
    for (String padding : PADDINGS) {
      for (int dilation = 1; dilation <= 3; dilation++) {
        for (int stride = 1; stride <= 3; stride++) {
          windows.add(new Sliding(padding, stride, stride, dilation, dilation));
        }
      }
      windows.add(new Sliding(padding, 1, 1, 2, 3));
      windows.add(new Sliding(padding, 1, 1, 1, 2));
    }
    return windows;
  }

  private static List<KernelOpCase> convolutions() {
    List<KernelOpCase> cases = new ArrayList<>();
    Shape x = Shape.of(2, 8, 9, 4);
    for (Sliding window : windows()) {
      cases.add(convolution("Conv2D", window, x, Shape.of(3, 2, 4, 3)));
      cases.add(convolution("Conv2D", window, x, Shape.of(3, 2, 2, 6)));
      cases.add(convolution("Conv2D", window, x, Shape.of(3, 2, 1, 8)));
      cases.add(convolution("Conv", window, x, Shape.of(3, 2, 4, 3)));
      cases.add(depthwise(window, x, Shape.of(3, 2, 4, 2)));
    }
    Shape grey = Shape.of(2, 8, 9, 1);
    for (int[] strides : new int[][] {{1, 1}, {1, 2}, {1, 3}, {2, 1}, {2, 2}, {3, 1}, {3, 3}}) {
      for (String padding : List.of("SAME", "VALID")) {
        Sliding window = new Sliding(padding, strides[0], strides[1], 1, 1);
        cases.add(convolution("Conv2D", window, grey, Shape.of(3, 2, 1, 1)));
        cases.add(convolution("Conv2D", window, grey, Shape.of(1, 3, 1, 1)));
      }
    }
    Sliding uneven = new Sliding("SAME", 2, 1, 1, 1);
    cases.add(convolution("Conv2D", uneven, x, Shape.of(3, 2, 4, 3)));
    cases.add(convolution("Conv2D", uneven, x, Shape.of(3, 2, 1, 4)));
    cases.add(convolution("Conv2D", new Sliding("SAME", 2, 1, 1, 3), x, Shape.of(3, 2, 4, 3)));
    return cases;
  }

  private static KernelOpCase convolution(String type, Sliding window, Shape x, Shape w) {
    return new KernelOpCase(
        "%s, kernel %s, %s".formatted(type, w, window),
        true,
        x,
        w,
        sums(window, x, w),
        (tf, in, kernel) ->
            window
                .attributes(builder(tf, type))
                .addInput(in.asOutput())
                .addInput(kernel.asOutput())
                .build()
                .output(0));
  }

  private static KernelOpCase depthwise(Sliding window, Shape x, Shape w) {
    // Each channel is a group: its weights follow one another in both kernels.
    Shape groups = Shape.of(w.get(0), w.get(1), 1, w.get(2) * w.get(3));
    return new KernelOpCase(
        "DepthwiseConv2dNative, %s".formatted(window),
        true,
        x,
        w,
        sums(window, x, groups),
        (tf, in, kernel) ->
            window
                .attributes(builder(tf, "DepthwiseConv2dNative"))
                .addInput(in.asOutput())
                .addInput(kernel.asOutput())
                .build()
                .output(0));
  }

  private static ProductSums sums(Sliding window, Shape x, Shape w) {
    return ProductSums.convolution(
        Shape.of(x.get(0), 1, x.get(1), x.get(2), x.get(3)),
        Shape.of(1, w.get(0), w.get(1), w.get(2), w.get(3)),
        window.axes(x, w));
  }

  private static List<KernelOpCase> transposed() {
    List<KernelOpCase> cases = new ArrayList<>();
    Shape image = Shape.of(2, 8, 9, 4);
    Shape w = Shape.of(3, 2, 4, 3);
    for (Sliding window : windows()) {
      ProductSums sums = sums(window, image, w);
      Shape places = sums.output();
      Shape x = Shape.of(places.get(0), places.get(2), places.get(3), places.get(4));
      cases.add(
          new KernelOpCase(
              "Conv2DBackpropInput, " + window,
              !window.dilated(),
              x,
              w,
              sums.transposed(image),
              (tf, in, kernel) ->
                  window
                      .attributes(builder(tf, "Conv2DBackpropInput"))
                      .addInput(tf.constant(new int[] {2, 8, 9, 4}).asOutput())
                      .addInput(kernel.asOutput())
                      .addInput(in.asOutput())
                      .build()
                      .output(0)));
    }
    return cases;
  }

  private static List<KernelOpCase> volumes() {
    List<KernelOpCase> cases = new ArrayList<>();
    Shape image = Shape.of(2, 5, 6, 4, 2);
    Shape w = Shape.of(2, 3, 2, 2, 3);
    for (String padding : List.of("SAME", "VALID")) {
      for (int dilation = 1; dilation <= 2; dilation++) {
        for (int stride = 1; stride <= 2; stride++) {
          int s = stride;
          int d = dilation;
          List<Axis> axes =
              IntStream.range(0, 3)
                  .mapToObj(
                      i ->
                          padding.equals("SAME")
                              ? Axis.same(s, d, image.get(i + 1), w.get(i))
                              : new Axis(s, d, 0, 0))
                  .toList();
          ProductSums sums = ProductSums.convolution(image, w, axes);
          String window = "%s, strides %d, dilations %d".formatted(padding, s, d);
          cases.add(
              new KernelOpCase(
                  "Conv3D, " + window,
                  true,
                  image,
                  w,
                  sums,
                  (tf, x, kernel) ->
                      volume(builder(tf, "Conv3D"), padding, s, d)
                          .addInput(x.asOutput())
                          .addInput(kernel.asOutput())
                          .build()
                          .output(0)));
          cases.add(
              new KernelOpCase(
                  "Conv, " + window,
                  true,
                  image,
                  w,
                  sums,
                  (tf, x, kernel) ->
                      volume(builder(tf, "Conv"), padding, s, d)
                          .addInput(x.asOutput())
                          .addInput(kernel.asOutput())
                          .build()
                          .output(0)));
          cases.add(
              new KernelOpCase(
                  "Conv3DBackpropInputV2, " + window,
                  d == 1,
                  sums.output(),
                  w,
                  sums.transposed(image),
                  (tf, x, kernel) ->
                      volume(builder(tf, "Conv3DBackpropInputV2"), padding, s, d)
                          .addInput(tf.constant(new int[] {2, 5, 6, 4, 2}).asOutput())
                          .addInput(kernel.asOutput())
                          .addInput(x.asOutput())
                          .build()
                          .output(0)));
        }
      }
    }
    return cases;
  }

  private static OperationBuilder volume(
      OperationBuilder builder, String padding, long stride, long dilation) {
    return builder
        .setAttr("strides", new long[] {1, stride, stride, stride, 1})
        .setAttr("dilations", new long[] {1, dilation, dilation, dilation, 1})
        .setAttr("padding", padding);
  }

  private static List<KernelOpCase> products() {
    List<KernelOpCase> cases = new ArrayList<>();
    for (boolean a : List.of(false, true)) {
      for (boolean b : List.of(false, true)) {
        String x = a ? "ji" : "ij";
        String w = b ? "kj" : "jk";
        cases.add(product("MatMul", x, w, "ik", a, b));
        cases.add(product("BatchMatMul", "b" + x, "b" + w, "bik", a, b));
        for (String type : List.of("BatchMatMulV2", "BatchMatMulV3")) {
          cases.add(product(type, "b" + x, "b" + w, "bik", a, b));
          cases.add(product(type, "b" + x, w, "bik", a, b));
          cases.add(product(type, "hb" + x, "b" + w, "hbik", a, b));
        }
      }
    }
    return cases;
  }

  private static final Map<Character, Integer> SIZES =
      Map.of('b', 2, 'h', 3, 'i', 3, 'j', 4, 'k', 5);

  private static KernelOpCase product(
      String type, String x, String w, String y, boolean a, boolean b) {
    String equation = "%s,%s->%s".formatted(x, w, y);
    boolean batch = type.startsWith("Batch");
    return new KernelOpCase(
        "%s, %s".formatted(type, equation),
        true,
        ProductSums.shape(x, SIZES),
        ProductSums.shape(w, SIZES),
        sums(equation),
        (tf, in, kernel) -> {
          OperationBuilder builder =
              builder(tf, type)
                  .addInput(in.asOutput())
                  .addInput(kernel.asOutput())
                  .setAttr(batch ? "adj_x" : "transpose_a", a)
                  .setAttr(batch ? "adj_y" : "transpose_b", b);
          if (type.endsWith("V3")) {
            builder.setAttr("Tout", DataType.DT_FLOAT);
          }
          return builder.build().output(0);
        });
  }

  private static ProductSums sums(String equation) {
    Map<Character, Integer> used =
        SIZES.entrySet().stream()
            .filter(label -> equation.indexOf(label.getKey()) >= 0)
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    return ProductSums.einsum(equation, used);
  }

  private static List<KernelOpCase> einsums() {
    return Stream.of(
            "ij,jk->ik",
            "bij,jk->bik",
            "bij,bjk->bik",
            "ij,kj->ik",
            "ji,jk->ki",
            "bhij,hjk->bhik",
            "ij,j->i",
            "bij,jk->ik",
            "ij,jk->i")
        .map(
            equation -> {
              String[] operands = equation.split("->", -1)[0].split(",", -1);
              return new KernelOpCase(
                  "Einsum, " + equation,
                  true,
                  ProductSums.shape(operands[0], SIZES),
                  ProductSums.shape(operands[1], SIZES),
                  sums(equation),
                  (tf, x, w) -> tf.linalg.einsum(List.of(x, w), equation));
            })
        .toList();
  }

  private static OperationBuilder builder(Ops tf, String type) {
    return tf.scope().env().opBuilder(type, tf.scope().makeOpName(type), tf.scope());
  }
}
