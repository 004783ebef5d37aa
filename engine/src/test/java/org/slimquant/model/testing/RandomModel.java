package org.slimquant.model.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;

/** Models of random ops, shapes, formats and weights, including extremes. */
public final class RandomModel {

  /** The largest number of elements of a tensor that later ops of a long model read. */
  private static final int MOST_ELEMENTS = 3000;

  /** The number of tries to make an op of one kind that reads one tensor. */
  private static final int TRIES = 30;

  /** The largest number of inputs, and of outputs. */
  private static final int MOST_ENDS = 3;

  private static final int FINEST_INPUT = -16;

  private final Random random;
  private final Variety variety;
  private final RandomFormats formats;
  private final List<IntegerTensor> inputs = new ArrayList<>();
  private final List<IntegerTensor> tensors = new ArrayList<>();
  private final List<IntegerOp> ops = new ArrayList<>();

  private RandomModel(long seed, Variety variety) {
    this.random = Seeds.random(seed);
    this.variety = variety;
    this.formats = new RandomFormats(random, variety.mostBits());
  }

  /** Returns the model for a seed. */
  public static IntegerModel of(long seed) {
    return of(seed, Variety.any());
  }

  /** Returns the model for a seed, of a variety. */
  public static IntegerModel of(long seed, Variety variety) {
    return new RandomModel(seed, variety).model("random " + variety.mostBits() + " " + seed);
  }

  private IntegerModel model(String name) {
    tensors.add(variety.input().orElseGet(() -> input("input")));
    for (int i = variety.manyEnds() ? random.nextInt(MOST_ENDS) : 0; i > 0; i--) {
      tensors.add(random.nextBoolean() ? alike("input" + i) : input("input" + i));
    }
    inputs.addAll(tensors);
    int count = variety.ops().orElseGet(() -> upTo(7));
    RandomOps source = new RandomOps(random, tensors, formats, variety.weights());
    boolean isLong = count > RandomOps.KINDS;
    Deque<Integer> turns = new ArrayDeque<>();
    while (ops.size() < count) {
      if (turns.isEmpty()) {
        turns.addAll(turns(isLong));
      }
      int kind = turns.remove();
      IntegerTensor read = isLong ? readOfMany() : read();
      Stream.generate(() -> source.op(kind, read))
          .limit(TRIES)
          .filter(op -> variety.accepted().test(with(op, name)))
          .findFirst()
          .ifPresent(this::add);
    }
    return new IntegerModel(name, read(ops), outputs(), ops);
  }

  private List<IntegerTensor> outputs() {
    Set<IntegerTensor> outputs = new LinkedHashSet<>();
    outputs.add(random.nextInt(8) == 0 ? any(tensors) : newest(1));
    for (int i = variety.manyEnds() ? random.nextInt(MOST_ENDS) : 0; i > 0; i--) {
      outputs.add(any(tensors));
    }
    List<IntegerTensor> read = read(ops);
    outputs.removeIf(output -> inputs.contains(output) && !read.contains(output));
    return outputs.isEmpty() ? List.of(newest(1)) : List.copyOf(outputs);
  }

  /** Returns the inputs that ops read. A model has no other. */
  private List<IntegerTensor> read(List<IntegerOp> readers) {
    return inputs.stream()
        .filter(input -> readers.stream().anyMatch(op -> op.inputs().contains(input)))
        .toList();
  }

  /** Returns the kinds of the next ops. In a long model, every kind occurs. */
  private List<Integer> turns(boolean isLong) {
    if (!isLong) {
      return List.of(random.nextInt(RandomOps.KINDS));
    }
    List<Integer> kinds = new ArrayList<>(IntStream.range(0, RandomOps.KINDS).boxed().toList());
    Collections.shuffle(kinds, random);
    return kinds;
  }

  private IntegerModel with(IntegerOp op, String name) {
    List<IntegerOp> more = new ArrayList<>(ops);
    more.add(op);
    return new IntegerModel(name, read(more), List.of(op.output()), more);
  }

  private void add(IntegerOp op) {
    ops.add(op);
    tensors.add(op.output());
  }

  private IntegerTensor input(String name) {
    List<Integer> shape =
        random.nextInt(4) == 0 ? List.of(upTo(40)) : List.of(upTo(10), upTo(10), upTo(8));
    return new IntegerTensor(name, shape, formats.format(random.nextInt(-16, 5)));
  }

  /** Returns an input with the shape of the first, so that an op can read both. */
  private IntegerTensor alike(String name) {
    return new IntegerTensor(
        name, tensors.get(0).shape(), formats.near(tensors.get(0), FINEST_INPUT));
  }

  /** Returns a tensor to read. It is mostly the newest one, so that chains are long. */
  private IntegerTensor read() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> any(tensors);
      case 2 -> newest(3);
      default -> newest(1);
    };
  }

  /** Returns a tensor to read. It is often old and never huge, so that sizes do not grow. */
  private IntegerTensor readOfMany() {
    IntegerTensor read = random.nextBoolean() ? any(tensors) : newest(3);
    return read.size() > MOST_ELEMENTS ? tensors.get(0) : read;
  }

  private IntegerTensor newest(int count) {
    return any(tensors.subList(Math.max(0, tensors.size() - count), tensors.size()));
  }

  private int upTo(int most) {
    return 1 + random.nextInt(most);
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
