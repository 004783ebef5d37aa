package org.slimquant.processor;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.auto.common.AnnotationMirrors;
import com.google.auto.common.MoreElements;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import org.slimquant.annotations.QuantInt8;

/**
 * A {@code @QuantInt8} and the element it stands on.
 *
 * @param values all values by name, defaults included
 */
record QuantAnnotation(
    Element element, AnnotationMirror mirror, Map<String, AnnotationValue> values) {

  static final String NAME_VALUE = "name";

  static final String NAME = QuantInt8.class.getCanonicalName();

  static boolean isOn(Element element) {
    return MoreElements.isAnnotationPresent(element, NAME);
  }

  /** Returns the annotation of {@code element}, if it has one. */
  static Optional<QuantAnnotation> of(Element element) {
    return MoreElements.getAnnotationMirror(element, NAME)
        .toJavaUtil()
        .map(
            mirror ->
                new QuantAnnotation(
                    element,
                    mirror,
                    AnnotationMirrors.getAnnotationValuesWithDefaults(mirror).entrySet().stream()
                        .collect(
                            Collectors.toMap(
                                value -> value.getKey().getSimpleName().toString(),
                                Map.Entry::getValue))));
  }

  /** Returns whether a value is given, and not by {@link QuantInt8#SAME}. */
  boolean gives(String name) {
    return number(name) != QuantInt8.SAME;
  }

  int number(String name) {
    return (Integer) value(name).getValue();
  }

  /** Returns whether a frac is to come from calibration. */
  boolean isCalibrated(String frac) {
    return number(frac) == QuantInt8.CALIBRATED;
  }

  boolean flag(String name) {
    return (Boolean) value(name).getValue();
  }

  /**
   * Returns the name of the parameter that the annotation stands on, in the graph: the one that it
   * gives, else the parameter's.
   */
  String nameOfInput() {
    return givesName() ? (String) value(NAME_VALUE).getValue() : element.getSimpleName().toString();
  }

  boolean givesName() {
    return !value(NAME_VALUE).getValue().equals("");
  }

  AnnotationValue value(String name) {
    return checkNotNull(values.get(name), name);
  }
}
