package org.slimquant.engine;

import org.slimquant.model.BinaryOp;
import org.slimquant.model.MemoryPlan;
import org.slimquant.model.analysis.Broadcast;
import org.slimquant.model.analysis.Broadcast.Loop;

/** Runs a {@link BinaryOp}. */
final class BinaryStep implements Step {

  private final BinaryOp.Kind kind;
  private final Loop[] outer;
  private final Loop inner;
  private final int left;
  private final int leftShift;
  private final int right;
  private final int rightShift;
  private final int output;
  private final OutputStage stage;

  BinaryStep(BinaryOp op, MemoryPlan memory) {
    kind = op.kind();
    Broadcast broadcast = Broadcast.of(op);
    outer = broadcast.outer().toArray(Loop[]::new);
    inner = broadcast.inner();
    left = memory.offset(op.left().name());
    leftShift = op.shiftOf(op.left());
    right = memory.offset(op.right().name());
    rightShift = op.shiftOf(op.right());
    output = memory.offset(op.output().name());
    stage = OutputStage.of(op, op.resultExponent());
  }

  @Override
  public void run(Workspace workspace) {
    loop(workspace.codes, 0, left, right, output);
  }

  /**
   * Runs one of the loops with those in it, and returns the place after the last code that they
   * have written.
   */
  private int loop(int[] codes, int depth, int a, int b, int y) {
    if (depth == outer.length) {
      row(codes, a, b, y);
      return y + inner.length();
    }
    int place = y;
    Loop loop = outer[depth];
    for (int i = 0; i < loop.length(); i++) {
      place = loop(codes, depth + 1, a + i * loop.left(), b + i * loop.right(), place);
    }
    return place;
  }

  private void row(int[] codes, int firstLeft, int firstRight, int y) {
    int stepLeft = inner.left();
    int stepRight = inner.right();
    int length = inner.length();
    int a = firstLeft;
    int b = firstRight;
    for (int i = 0; i < length; i++) {
      codes[y + i] =
          stage.code(result((long) codes[a] << leftShift, (long) codes[b] << rightShift));
      a += stepLeft;
      b += stepRight;
    }
  }

  private long result(long a, long b) {
    return switch (kind) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case MAXIMUM -> Math.max(a, b);
      case MINIMUM -> Math.min(a, b);
    };
  }
}
