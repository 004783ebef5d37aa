package org.slimquant.demo.deployment;

import java.util.List;
import org.slimquant.demo.measures.Check;
import org.slimquant.demo.measures.Integers;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.model.IntegerModel;

/**
 * The results of deploying a trained model.
 *
 * @param model its integers
 * @param certificate what is proven of them
 * @param figures how they did
 * @param checks the rules that were tried
 */
public record Deployed(
    IntegerModel model, ExactnessCertificate certificate, Integers figures, List<Check> checks) {

  /** Creates a result. */
  public Deployed {
    checks = List.copyOf(checks);
  }
}
