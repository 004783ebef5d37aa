package org.slimquant.processor.element;

import java.util.Arrays;
import java.util.Optional;
import javax.lang.model.element.Element;

/** The warnings that a user has suppressed. */
public final class Suppressions {

  public static final String POSITIVE_FRAC = "PositiveFrac";

  /** A plan with the sign that older versions chose. */
  public static final String OLD_SIGN = "OldSign";

  private Suppressions() {}

  /** Returns whether {@code element} or an enclosing element has {@code @SuppressWarnings(tag)}. */
  public static boolean silence(Element element, String tag) {
    for (Element e = element; e != null; e = e.getEnclosingElement()) {
      if (Optional.ofNullable(e.getAnnotation(SuppressWarnings.class))
          .filter(suppressed -> Arrays.asList(suppressed.value()).contains(tag))
          .isPresent()) {
        return true;
      }
    }
    return false;
  }
}
