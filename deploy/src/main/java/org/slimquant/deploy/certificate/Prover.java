package org.slimquant.deploy.certificate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Add;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Concat;
import org.slimquant.model.Conv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Pad;
import org.slimquant.model.Requantize;
import org.slimquant.model.Reshape;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.Window;

/** Bounds every sum of a model, op by op, from the codes that its tensors can have. */
final class Prover {

  private final Map<String, CodeRange> ranges = new LinkedHashMap<>();

  private Prover() {}

  static List<OpProof> prove(IntegerModel model) {
    Prover prover = new Prover();
    prover.ranges.put(model.input().name(), CodeRange.all(model.input().format()));
    return model.ops().stream().map(prover::prove).toList();
  }

  private OpProof prove(IntegerOp op) {
    OpProof proof = new OpProof(op.name(), op.type(), sums(op), excesses(op));
    ranges.put(op.output().name(), outputRange(op));
    return proof;
  }

  /** Returns the codes that an op's output can have. */
  private CodeRange outputRange(IntegerOp op) {
    if (op instanceof MaxPool || op instanceof Reshape) {
      return range(op.inputs().get(0));
    } else if (op instanceof Pad pad) {
      CodeRange range = range(pad.input());
      return new CodeRange(Math.min(0, range.min()), Math.max(0, range.max()));
    }
    return op.range();
  }

  private CodeRange range(IntegerTensor tensor) {
    CodeRange range = ranges.get(tensor.name());
    if (range == null) {
      throw new IllegalStateException("tensor " + tensor + " must be computed before it is read");
    }
    return range;
  }

  private List<SumProof> sums(IntegerOp op) {
    if (op instanceof WeightedOp layer) {
      return channels(layer);
    } else if (op instanceof AveragePool pool) {
      return averages(pool);
    } else if (op instanceof Add add) {
      return List.of(sum(add));
    } else if (op instanceof Concat concat) {
      return concat.inputs().stream()
          .map(input -> rounding(concat, input, "input " + input.name()))
          .toList();
    } else if (op instanceof Requantize requantize) {
      return List.of(rounding(requantize, requantize.input(), "all"));
    }
    // What only moves codes.
    return List.of();
  }

  private static List<Excess> excesses(IntegerOp op) {
    if (op instanceof Conv2D conv && isOnlyAcross(conv) && conv.output().shape().get(1) == 1) {
      int rows = conv.output().shape().get(0);
      if (rows > Rule.SINGLE_COLUMN.limit()) {
        return List.of(new Excess(Rule.SINGLE_COLUMN, rows));
      }
    }
    return List.of();
  }

  /** Whether a kernel wider than 1 moves over one channel by 1 row and by several columns. */
  private static boolean isOnlyAcross(Conv2D conv) {
    Window window = conv.window();
    return conv.input().shape().get(2) == 1
        && window.width() > 1
        && window.strideHeight() == 1
        && window.strideWidth() > 1;
  }

  private List<SumProof> channels(WeightedOp layer) {
    CodeRange x = range(layer.input());
    int channels = layer.channels();
    Terms[] products = new Terms[channels];
    Arrays.setAll(products, channel -> new Terms());
    Codes weights = layer.kernel().codes();
    for (int i = 0; i < weights.size(); i++) {
      products[i % channels].add(x, weights.get(i));
    }
    List<SumProof> sums = new ArrayList<>();
    for (int channel = 0; channel < channels; channel++) {
      Terms terms = products[channel];
      terms.addBias(layer.bias().get(channel));
      sums.add(proof(layer, "channel " + channel, terms, layer.accumulatorExponent(channel), 1));
    }
    return sums;
  }

  private SumProof sum(Add add) {
    Terms terms = new Terms();
    for (IntegerTensor input : add.inputs()) {
      terms.add(range(input), 1L << (input.format().frac() - add.sumExponent()));
    }
    return proof(add, "all", terms, add.sumExponent(), 1);
  }

  private SumProof rounding(IntegerOp op, IntegerTensor input, String name) {
    Terms terms = new Terms();
    terms.add(range(input), 1);
    return proof(op, name, terms, input.format().frac(), 1);
  }

  private List<SumProof> averages(AveragePool pool) {
    List<SumProof> sums = new ArrayList<>();
    for (int count : counts(pool)) {
      Terms terms = new Terms();
      terms.add(range(pool.input()), count);
      sums.add(proof(pool, "windows of " + count, terms, pool.input().format().frac(), count));
    }
    return sums;
  }

  private static SumProof proof(IntegerOp op, String name, Terms terms, int exponent, int divisor) {
    FixedPoint output = op.output().format();
    int shift = output.frac() - exponent;
    return new SumProof(
        name,
        terms.magnitude(),
        divisor,
        exponent,
        shift,
        RoundingBits.of(output, op.range(), shift, divisor, terms.min(), terms.max()));
  }

  /** Returns how many elements the windows of a pool have, each number once. */
  private static SortedSet<Integer> counts(AveragePool pool) {
    Window window = pool.window();
    int rows = pool.input().shape().get(0);
    int columns = pool.input().shape().get(1);
    SortedSet<Integer> heights =
        lengths(
            rows,
            window.height(),
            window.strideHeight(),
            window.padding().top(),
            window.outputRows(rows));
    SortedSet<Integer> widths =
        lengths(
            columns,
            window.width(),
            window.strideWidth(),
            window.padding().left(),
            window.outputColumns(columns));
    SortedSet<Integer> counts = new TreeSet<>();
    heights.forEach(height -> widths.forEach(width -> counts.add(height * width)));
    return counts;
  }

  /** Returns how many elements of an axis lie under a window, for all its places. */
  private static SortedSet<Integer> lengths(
      int length, int window, int stride, int before, int places) {
    SortedSet<Integer> lengths = new TreeSet<>();
    for (int place = 0; place < places; place++) {
      int first = place * stride - before;
      lengths.add(Math.min(length, first + window) - Math.max(0, first));
    }
    return lengths;
  }

  /** The terms of a sum: what some of them, and all of them, can add up to. */
  private static final class Terms {

    // Of all terms that can be negative, and of all that can be positive.
    private long negative;
    private long positive;
    private long bias;

    /** Adds a weight times a code of a range. */
    void add(CodeRange x, long weight) {
      long first = weight * x.min();
      long second = weight * x.max();
      negative += Math.min(0, Math.min(first, second));
      positive += Math.max(0, Math.max(first, second));
    }

    void addBias(long code) {
      bias += code;
    }

    /** Returns the largest magnitude of a sum of some terms. */
    long magnitude() {
      return Math.max(positive + Math.max(0, bias), -(negative + Math.min(0, bias)));
    }

    /** Returns a lower bound of the sum of all terms. */
    long min() {
      return negative + bias;
    }

    /** Returns an upper bound of the sum of all terms. */
    long max() {
      return positive + bias;
    }
  }
}
