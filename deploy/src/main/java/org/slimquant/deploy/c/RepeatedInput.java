package org.slimquant.deploy.c;

import org.slimquant.model.analysis.Broadcast.Loop;

/** The input of a function of two tensors that has a single code, which is read again and again. */
enum RepeatedInput {
  NONE(""),
  LEFT("_left"),
  RIGHT("_right");

  /** The end of the function's name. */
  final String suffix;

  RepeatedInput(String suffix) {
    this.suffix = suffix;
  }

  /** Returns the input that a loop does not advance. */
  static RepeatedInput of(Loop loop) {
    return loop.left() == 0 ? LEFT : loop.right() == 0 ? RIGHT : NONE;
  }
}
