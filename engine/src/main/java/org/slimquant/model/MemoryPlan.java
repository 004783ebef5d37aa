package org.slimquant.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.ToIntFunction;

/**
 * The place of each tensor of a model in one block of memory, while the tensor is needed.
 *
 * <p>A tensor is needed from the op that computes it to the last op that reads it. The model's
 * inputs are needed from the start, and its outputs to the end. Tensors that are needed at the same
 * time never overlap. An op's inputs and output are such tensors. Other tensors may overlap. The
 * output of a reshape has the place of its input, so the reshape has nothing to do.
 *
 * <p>The largest tensors are placed first, each at the lowest possible offset ("greedy by size",
 * Pisarchyk and Lee, 2020).
 */
public final class MemoryPlan {

  private final Map<String, Integer> offsets;
  private final int size;

  private MemoryPlan(Map<String, Integer> offsets, int size) {
    this.offsets = Collections.unmodifiableMap(offsets);
    this.size = size;
  }

  /**
   * Returns the plan of a model.
   *
   * @param units the size of a tensor, in bytes or in other units of the caller; 0 for a tensor
   *     with a place elsewhere
   * @throws IllegalArgumentException if the size of a tensor is negative, or the total size is more
   *     than 2^31 - 1
   */
  public static MemoryPlan of(IntegerModel model, ToIntFunction<IntegerTensor> units) {
    Map<String, Block> blocks = blocks(model, units);
    List<Block> placed = new ArrayList<>();
    long size = 0;
    for (Block block :
        blocks.values().stream()
            .distinct()
            .sorted(Comparator.comparingInt((Block block) -> block.size).reversed())
            .toList()) {
      block.offset = lowest(block, placed);
      insert(block, placed);
      size = Math.max(size, block.end());
    }
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the tensors of model %s must fit into %d units of memory, but need %d"
              .formatted(model.name(), Integer.MAX_VALUE, size));
    }
    Map<String, Integer> offsets = new LinkedHashMap<>();
    blocks.forEach((tensor, block) -> offsets.put(tensor, (int) block.offset));
    return new MemoryPlan(offsets, (int) size);
  }

  /** Returns the block of each tensor. The op at index i runs at time i + 1. */
  private static Map<String, Block> blocks(IntegerModel model, ToIntFunction<IntegerTensor> units) {
    Map<String, Block> blocks = new LinkedHashMap<>();
    for (IntegerTensor input : model.inputs()) {
      blocks.put(input.name(), new Block(units, input, 0));
    }
    int time = 0;
    for (IntegerOp op : model.ops()) {
      time++;
      for (IntegerTensor input : op.inputs()) {
        blockOf(blocks, input).lastUse = time;
      }
      blocks.put(
          op.output().name(),
          op instanceof Reshape reshape
              ? blockOf(blocks, reshape.input())
              : new Block(units, op.output(), time));
    }
    for (IntegerTensor output : model.outputs()) {
      blockOf(blocks, output).lastUse = time + 1;
    }
    return blocks;
  }

  private static Block blockOf(Map<String, Block> blocks, IntegerTensor tensor) {
    Block block = blocks.get(tensor.name());
    if (block == null) {
      throw new IllegalStateException(
          "a model must have the tensors it reads, but lacks " + tensor);
    }
    return block;
  }

  /**
   * Returns the lowest offset at which a block overlaps no block that is needed at the same time.
   */
  private static long lowest(Block block, List<Block> placed) {
    long offset = 0;
    for (Block other : placed) {
      if (block.meets(other)) {
        if (other.offset - offset >= block.size) {
          break;
        }
        offset = Math.max(offset, other.end());
      }
    }
    return offset;
  }

  /** Adds a block to the placed blocks, which stay in the order of their offsets. */
  private static void insert(Block block, List<Block> placed) {
    int at = placed.size();
    while (at > 0 && placed.get(at - 1).offset > block.offset) {
      at--;
    }
    placed.add(at, block);
  }

  /**
   * Returns the offset of a tensor.
   *
   * @throws NoSuchElementException if the model has no tensor with this name
   */
  public int offset(String tensor) {
    Integer offset = offsets.get(tensor);
    if (offset == null) {
      throw new NoSuchElementException(
          "tensor %s must be one of the model's, but these are %s"
              .formatted(tensor, String.join(", ", offsets.keySet())));
    }
    return offset;
  }

  /** Returns the size of the memory for all tensors together. */
  public int size() {
    return size;
  }

  /** The memory of one tensor, or of several tensors with the same codes. */
  private static final class Block {
    final int size;
    final int made;
    int lastUse;
    long offset;

    Block(ToIntFunction<IntegerTensor> units, IntegerTensor tensor, int time) {
      size = units.applyAsInt(tensor);
      if (size < 0) {
        throw new IllegalArgumentException(
            "a tensor must need room or none, but %s needs %d".formatted(tensor, size));
      }
      made = time;
      lastUse = time;
    }

    boolean meets(Block other) {
      return made <= other.lastUse && other.made <= lastUse;
    }

    long end() {
      return offset + size;
    }
  }
}
