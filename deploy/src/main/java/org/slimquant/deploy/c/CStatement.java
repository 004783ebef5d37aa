package org.slimquant.deploy.c;

import java.util.List;
import org.slimquant.model.Pad;
import org.slimquant.model.analysis.StridedCopy;

/** A statement that computes an op or a part of it. */
sealed interface CStatement {

  /** Returns the functions that it calls, which call others in turn. */
  default List<CFunction> functions() {
    return List.of();
  }

  /**
   * A call of a function.
   *
   * @param function the function
   * @param arguments its arguments as expressions
   */
  record Call(CFunction function, List<String> arguments) implements CStatement {

    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public List<CFunction> functions() {
      return List.of(function);
    }
  }

  /**
   * A call in loops.
   *
   * @param lengths the rounds of each loop, the outermost first
   * @param call the call, whose arguments may use the indices {@code i0}, {@code i1} and so on of
   *     the loops
   */
  record CallLoops(List<Integer> lengths, Call call) implements CStatement {

    public CallLoops {
      lengths = List.copyOf(lengths);
    }

    @Override
    public List<CFunction> functions() {
      return call.functions();
    }
  }

  /**
   * The loops of a movement of codes, which needs no function.
   *
   * @param copy the movement
   * @param input the variable of its input
   * @param output the variable of its output
   */
  record CopyLoops(StridedCopy copy, String input, String output) implements CStatement {}

  /**
   * The loops of a pad, which needs no function.
   *
   * @param pad the pad
   * @param input the variable of its input
   * @param output the variable of its output
   */
  record PadLoops(Pad pad, String input, String output) implements CStatement {}
}
