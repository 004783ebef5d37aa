package org.slimquant.engine;

import static java.math.BigInteger.ONE;
import static java.math.BigInteger.ZERO;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.model.AveragePool;
import org.slimquant.model.BinaryOp;
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

/**
 * Computes the results of an integer model by the definitions only. It uses exact fractions of
 * unbounded integers, each op is an unrolled formula over indices, and every rounding is {@code
 * floor(x + 1/2)}.
 */
final class Oracle {

  private final Map<String, int[]> codes = new LinkedHashMap<>();

  private Oracle() {}

  /** Returns the codes of every tensor for one example. */
  static Map<String, int[]> run(IntegerModel model, int[] input) {
    return run(model, Map.of(model.input().name(), input));
  }

  /** Returns the codes of every tensor for one example of each input. */
  static Map<String, int[]> run(IntegerModel model, Map<String, int[]> inputs) {
    Oracle oracle = new Oracle();
    oracle.codes.putAll(inputs);
    for (IntegerOp op : model.ops()) {
      oracle.codes.put(op.output().name(), oracle.compute(op));
    }
    return oracle.codes;
  }

  private int[] compute(IntegerOp op) {
    int[] output = new int[op.output().size()];
    for (int i = 0; i < output.length; i++) {
      output[i] = op.apply(new Element(index(i, op.output().shape()), i));
    }
    return output;
  }

  /** The code of each op at one element of its output. */
  private final class Element implements OpCases<Integer> {

    private final List<Integer> at;
    private final int place;

    Element(List<Integer> at, int place) {
      this.at = at;
      this.place = place;
    }

    @Override
    public Integer conv2D(Conv2D conv) {
      int channel = at.get(2);
      BigInteger sum = bias(conv, channel);
      List<Integer> shape = conv.kernel().shape();
      for (int i = 0; i < shape.get(0); i++) {
        for (int j = 0; j < shape.get(1); j++) {
          for (int a = 0; a < shape.get(2); a++) {
            sum =
                sum.add(
                    times(
                        pixel(conv.input(), conv.window(), at, i, j, a, 0),
                        weight(conv, List.of(i, j, a, channel))));
          }
        }
      }
      return round(conv, sum, ONE, conv.accumulatorExponent(channel));
    }

    @Override
    public Integer depthwiseConv2D(DepthwiseConv2D conv) {
      int channel = at.get(2);
      BigInteger sum = bias(conv, channel);
      List<Integer> shape = conv.kernel().shape();
      int a = channel / shape.get(3);
      int m = channel % shape.get(3);
      for (int i = 0; i < shape.get(0); i++) {
        for (int j = 0; j < shape.get(1); j++) {
          sum =
              sum.add(
                  times(
                      pixel(conv.input(), conv.window(), at, i, j, a, 0),
                      weight(conv, List.of(i, j, a, m))));
        }
      }
      return round(conv, sum, ONE, conv.accumulatorExponent(channel));
    }

    @Override
    public Integer dense(Dense dense) {
      int channel = at.get(0);
      BigInteger sum = bias(dense, channel);
      for (int a = 0; a < dense.kernel().shape().get(0); a++) {
        sum = sum.add(times(code(dense.input(), List.of(a)), weight(dense, List.of(a, channel))));
      }
      return round(dense, sum, ONE, dense.accumulatorExponent(channel));
    }

    @Override
    public Integer maxPool(MaxPool pool) {
      int max = Integer.MIN_VALUE;
      for (int i = 0; i < pool.window().height(); i++) {
        for (int j = 0; j < pool.window().width(); j++) {
          max =
              Math.max(
                  max, pixel(pool.input(), pool.window(), at, i, j, at.get(2), Integer.MIN_VALUE));
        }
      }
      return max;
    }

    @Override
    public Integer averagePool(AveragePool pool) {
      List<Integer> where = at.size() == 1 ? List.of(0, 0, at.get(0)) : at;
      BigInteger sum = ZERO;
      BigInteger count = ZERO;
      for (int i = 0; i < pool.window().height(); i++) {
        for (int j = 0; j < pool.window().width(); j++) {
          int code =
              pixel(pool.input(), pool.window(), where, i, j, where.get(2), Integer.MIN_VALUE);
          if (code != Integer.MIN_VALUE) {
            sum = sum.add(BigInteger.valueOf(code));
            count = count.add(ONE);
          }
        }
      }
      return round(pool, sum, count, pool.input().format().frac());
    }

    @Override
    public Integer binary(BinaryOp op) {
      BigInteger left = times(broadcast(op.left()), 1);
      BigInteger right = times(broadcast(op.right()), 1);
      if (op.kind() == BinaryOp.Kind.MULTIPLY) {
        return round(
            op, left.multiply(right), ONE, op.left().format().frac() + op.right().format().frac());
      }
      // 2^-400 is finer than any step.
      BigInteger a = left.shiftLeft(op.left().format().frac() + 400);
      BigInteger b = right.shiftLeft(op.right().format().frac() + 400);
      BigInteger result =
          switch (op.kind()) {
            case ADD -> a.add(b);
            case SUBTRACT -> a.subtract(b);
            case MULTIPLY -> throw new AssertionError(op);
            case MAXIMUM -> a.max(b);
            case MINIMUM -> a.min(b);
          };
      return round(op, result, ONE, -400);
    }

    private int broadcast(IntegerTensor tensor) {
      List<Integer> where = new ArrayList<>();
      for (int axis = 0; axis < at.size(); axis++) {
        where.add(tensor.shape().get(axis) == 1 ? 0 : at.get(axis));
      }
      return code(tensor, where);
    }

    @Override
    public Integer matMul(MatMul product) {
      int rank = at.size();
      List<Integer> left = new ArrayList<>(at);
      List<Integer> right = new ArrayList<>(at);
      BigInteger sum = ZERO;
      for (int a = 0; a < product.depth(); a++) {
        left.set(rank - 2, product.transposesLeft() ? a : at.get(rank - 2));
        left.set(rank - 1, product.transposesLeft() ? at.get(rank - 2) : a);
        right.set(rank - 2, product.transposesRight() ? at.get(rank - 1) : a);
        right.set(rank - 1, product.transposesRight() ? a : at.get(rank - 1));
        sum = sum.add(times(code(product.left(), left), code(product.right(), right)));
      }
      return round(
          product, sum, ONE, product.left().format().frac() + product.right().format().frac());
    }

    @Override
    public Integer concat(Concat concat) {
      int along = at.get(concat.axis());
      for (IntegerTensor input : concat.inputs()) {
        int length = input.shape().get(concat.axis());
        if (along < length) {
          List<Integer> where = new ArrayList<>(at);
          where.set(concat.axis(), along);
          return round(concat, times(code(input, where), 1), ONE, input.format().frac());
        }
        along -= length;
      }
      throw new AssertionError(concat);
    }

    @Override
    public Integer pad(Pad pad) {
      List<Integer> where = new ArrayList<>();
      for (int axis = 0; axis < at.size(); axis++) {
        int along = at.get(axis) - pad.before().get(axis);
        if (along < 0 || along >= pad.input().shape().get(axis)) {
          return pad.code();
        }
        where.add(along);
      }
      return code(pad.input(), where);
    }

    @Override
    public Integer slice(Slice slice) {
      List<Integer> where = new ArrayList<>();
      for (int axis = 0; axis < at.size(); axis++) {
        where.add(slice.begin().get(axis) + at.get(axis) * slice.stride().get(axis));
      }
      return code(slice.input(), where);
    }

    @Override
    public Integer transpose(Transpose transpose) {
      List<Integer> where = new ArrayList<>(at);
      for (int axis = 0; axis < at.size(); axis++) {
        where.set(transpose.permutation().get(axis), at.get(axis));
      }
      return code(transpose.input(), where);
    }

    @Override
    public Integer tile(Tile tile) {
      List<Integer> where = new ArrayList<>();
      for (int axis = 0; axis < at.size(); axis++) {
        where.add(at.get(axis) % tile.input().shape().get(axis));
      }
      return code(tile.input(), where);
    }

    @Override
    public Integer reshape(Reshape reshape) {
      return codesOf(reshape.input())[place];
    }

    @Override
    public Integer requantize(Requantize requantize) {
      return round(
          requantize,
          times(code(requantize.input(), at), 1),
          ONE,
          requantize.input().format().frac());
    }

    @Override
    public Integer table(Table table) {
      return table.codes().get(codesOf(table.input())[place] - table.input().format().minCode());
    }

    @Override
    public Integer leakyRelu(LeakyRelu relu) {
      int code = codesOf(relu.input())[place];
      Slope slope = code < 0 ? relu.negative() : relu.positive();
      return round(
          relu, times(code, slope.sign()), ONE, relu.input().format().frac() + slope.exponent());
    }
  }

  /** Returns {@code clamp(floor(number / divisor * 2^exponent / 2^d + 1/2))}. */
  static int round(IntegerOp op, BigInteger number, BigInteger divisor, int exponent) {
    int scale = exponent - op.output().format().frac();
    BigInteger a = number.shiftLeft(Math.max(0, scale));
    BigInteger b = divisor.shiftLeft(Math.max(0, -scale));
    // floor(a / b + 1/2) = floor((2a + b) / 2b)
    BigInteger[] parts = a.shiftLeft(1).add(b).divideAndRemainder(b.shiftLeft(1));
    BigInteger floor = parts[1].signum() < 0 ? parts[0].subtract(ONE) : parts[0];
    return floor
        .max(BigInteger.valueOf(op.range().min()))
        .min(BigInteger.valueOf(op.range().max()))
        .intValueExact();
  }

  private static BigInteger times(int a, int b) {
    return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
  }

  private static BigInteger bias(WeightedOp op, int channel) {
    return BigInteger.valueOf(op.bias().get(channel));
  }

  private static int weight(WeightedOp op, List<Integer> index) {
    return op.kernel().codes().get(place(index, op.kernel().shape()));
  }

  private int pixel(
      IntegerTensor image, Window window, List<Integer> at, int i, int j, int channel, int none) {
    int row =
        at.get(0) * window.strideHeight() - window.padding().top() + i * window.dilationHeight();
    int column =
        at.get(1) * window.strideWidth() - window.padding().left() + j * window.dilationWidth();
    boolean inside =
        row >= 0 && row < image.shape().get(0) && column >= 0 && column < image.shape().get(1);
    return inside ? code(image, List.of(row, column, channel)) : none;
  }

  private int code(IntegerTensor tensor, List<Integer> index) {
    return codesOf(tensor)[place(index, tensor.shape())];
  }

  private int[] codesOf(IntegerTensor tensor) {
    int[] known = codes.get(tensor.name());
    if (known == null) {
      throw new AssertionError(tensor);
    }
    return known;
  }

  private static int place(List<Integer> index, List<Integer> shape) {
    int place = 0;
    for (int axis = 0; axis < shape.size(); axis++) {
      place = place * shape.get(axis) + index.get(axis);
    }
    return place;
  }

  private static List<Integer> index(int place, List<Integer> shape) {
    List<Integer> index = new ArrayList<>();
    int rest = place;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      index.add(0, rest % shape.get(axis));
      rest /= shape.get(axis);
    }
    return index;
  }
}
