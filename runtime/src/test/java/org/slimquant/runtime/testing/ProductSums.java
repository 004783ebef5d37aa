package org.slimquant.runtime.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.ndarray.Shape;

/**
 * The outputs of an op with a kernel, written out: each is a sum of products of an input and a
 * weight. The gradients follow from the same list: with {@code L = Σ dy_k y_k}, {@code dL/dx_i} is
 * the sum of all {@code dy_k w_j} whose product has {@code x_i}, and likewise for w. All numbers
 * are whole and small, so that float32 must have them exactly.
 *
 * @param products the products, each with its sum
 * @param output the shape of the output
 */
public record ProductSums(List<Product> products, Shape output) {

  /** The product of input {@code x} and weight {@code w}, a summand of output {@code y}. */
  public record Product(int x, int w, int y) {}

  /** The movement of a window along an axis. */
  public record Axis(int stride, int dilation, int before, int after) {

    int places(long size, long kernel) {
      return Math.toIntExact((size + before + after - (kernel - 1) * dilation - 1) / stride + 1);
    }

    /** Returns the axis with TensorFlow's padding SAME. */
    static Axis same(int stride, int dilation, long size, long kernel) {
      long places = (size + stride - 1) / stride;
      int missing = (int) Math.max(0, (places - 1) * stride + (kernel - 1) * dilation + 1 - size);
      return new Axis(stride, dilation, missing / 2, missing - missing / 2);
    }
  }

  /**
   * Returns the sums of a convolution.
   *
   * @param x batch, depth, rows, columns, channels
   * @param w depth, rows, columns, channels that are read, output channels
   */
  public static ProductSums convolution(Shape x, Shape w, List<Axis> axes) {
    int[] places = new int[3];
    for (int i = 0; i < 3; i++) {
      places[i] = axes.get(i).places(x.get(i + 1), w.get(i));
    }
    Shape y = Shape.of(x.get(0), places[0], places[1], places[2], w.get(4));
    long outputsOfGroup = w.get(4) / (x.get(4) / w.get(3));
    List<Product> products = new ArrayList<>();
    for (long[] out : indices(y)) {
      for (long[] tap : indices(Shape.of(w.get(0), w.get(1), w.get(2), w.get(3)))) {
        long[] in = {out[0], 0, 0, 0, out[4] / outputsOfGroup * w.get(3) + tap[3]};
        boolean inside = true;
        for (int i = 0; i < 3; i++) {
          Axis axis = axes.get(i);
          in[i + 1] = out[i + 1] * axis.stride() - axis.before() + tap[i] * axis.dilation();
          inside &= in[i + 1] >= 0 && in[i + 1] < x.get(i + 1);
        }
        if (inside) {
          products.add(
              new Product(
                  place(x, in), place(w, tap[0], tap[1], tap[2], tap[3], out[4]), place(y, out)));
        }
      }
    }
    return new ProductSums(products, y);
  }

  /** Returns the sums of the adjoint map, which a transposed convolution computes. */
  public ProductSums transposed(Shape image) {
    return new ProductSums(
        products.stream().map(p -> new Product(p.y(), p.w(), p.x())).toList(), image);
  }

  /** Returns the sums of an Einsum of two operands. */
  public static ProductSums einsum(String equation, Map<Character, Integer> sizes) {
    String[] sides = equation.split("->", -1);
    String[] operands = sides[0].split(",", -1);
    List<Character> labels = new ArrayList<>(new TreeMap<>(sizes).keySet());
    Shape all = Shape.of(labels.stream().mapToLong(label -> sizes.get(label)).toArray());
    List<Product> products = new ArrayList<>();
    for (long[] index : indices(all)) {
      products.add(
          new Product(
              place(operands[0], sizes, labels, index),
              place(operands[1], sizes, labels, index),
              place(sides[1], sizes, labels, index)));
    }
    return new ProductSums(products, shape(sides[1], sizes));
  }

  public static Shape shape(String labels, Map<Character, Integer> sizes) {
    return Shape.of(labels.chars().mapToLong(label -> sizes.get((char) label)).toArray());
  }

  private static int place(
      String operand, Map<Character, Integer> sizes, List<Character> labels, long... index) {
    return place(
        shape(operand, sizes),
        operand.chars().mapToLong(label -> index[labels.indexOf((char) label)]).toArray());
  }

  private static int place(Shape shape, long... index) {
    long place = 0;
    for (int i = 0; i < index.length; i++) {
      place = place * shape.get(i) + index[i];
    }
    return Math.toIntExact(place);
  }

  private static List<long[]> indices(Shape shape) {
    List<long[]> indices = new ArrayList<>();
    for (long place = 0; place < shape.size(); place++) {
      long[] index = new long[shape.numDimensions()];
      long rest = place;
      for (int i = index.length - 1; i >= 0; i--) {
        index[i] = rest % shape.get(i);
        rest /= shape.get(i);
      }
      indices.add(index);
    }
    return indices;
  }

  public float[] outputs(float[] x, float[] w) {
    float[] y = new float[Math.toIntExact(output.size())];
    products.forEach(p -> y[p.y()] += x[p.x()] * w[p.w()]);
    return y;
  }

  public float[] inputGradients(float[] w, float[] dy, int size) {
    float[] dx = new float[size];
    products.forEach(p -> dx[p.x()] += dy[p.y()] * w[p.w()]);
    return dx;
  }

  public float[] weightGradients(float[] x, float[] dy, int size) {
    float[] dw = new float[size];
    products.forEach(p -> dw[p.w()] += dy[p.y()] * x[p.x()]);
    return dw;
  }
}
