package org.slimquant.examples.deployment;

import java.util.List;
import org.slimquant.engine.IntegerModel;
import org.slimquant.examples.measures.Check;
import org.slimquant.examples.measures.Integers;

/**
 * What became of a trained model.
 *
 * @param model the integers
 * @param figures how they did
 * @param checks the rules that were tried
 */
public record Deployed(IntegerModel model, Integers figures, List<Check> checks) {

  /** Creates a result. */
  public Deployed {
    checks = List.copyOf(checks);
  }
}
