package org.slimquant.engine;

/**
 * An op that is ready to run on one example: its tensors have places, and its weights have a
 * layout.
 */
interface Step {

  /** Computes the op's output from its inputs. */
  void run(Workspace workspace);

  /** Returns the memory that the step needs besides the tensors. */
  default Scratch scratch() {
    return Scratch.NONE;
  }
}
