package org.slimquant.engine;

/** An op made ready to run on one example: where its tensors lie is known, its weights laid out. */
interface Step {

  void run(Workspace workspace);
}
