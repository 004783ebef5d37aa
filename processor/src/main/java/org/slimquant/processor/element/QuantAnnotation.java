package org.slimquant.processor.element;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.auto.common.AnnotationMirrors;
import com.google.auto.common.MoreElements;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.VariableElement;
import org.slimquant.annotations.QuantInt8;
import org.slimquant.format.SignRequest;

/**
 * A {@code @QuantInt8} and the element that it annotates.
 *
 * @param values all values by name, defaults included
 * @param given the names of the values that the source gives
 * @param ofClass the annotation of the class around a layer or an input, if it has one: its values
 *     are the defaults
 */
public record QuantAnnotation(
    Element element,
    AnnotationMirror mirror,
    Map<String, AnnotationValue> values,
    Set<String> given,
    Optional<QuantAnnotation> ofClass) {

  public static final String NAME_VALUE = "name";

  public static final String NAME = QuantInt8.class.getCanonicalName();

  public static boolean isOn(Element element) {
    return MoreElements.isAnnotationPresent(element, NAME);
  }

  /** Returns the annotation of {@code element}, if it has one. */
  public static Optional<QuantAnnotation> of(Element element) {
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
                                Map.Entry::getValue)),
                    mirror.getElementValues().keySet().stream()
                        .map(value -> value.getSimpleName().toString())
                        .collect(Collectors.toSet()),
                    MoreElements.isType(element) ? Optional.empty() : ofClassAround(element)));
  }

  private static Optional<QuantAnnotation> ofClassAround(Element member) {
    return Stream.iterate(member, Element::getEnclosingElement)
        .filter(MoreElements::isType)
        .findFirst()
        .flatMap(QuantAnnotation::of);
  }

  /** Returns whether the source gives a value, at this element itself. */
  public boolean isGiven(String name) {
    return given.contains(name);
  }

  /** Returns whether a value is given, other than {@link QuantInt8#SAME}. */
  public boolean gives(String name) {
    return number(name) != QuantInt8.SAME;
  }

  public int number(String name) {
    return (Integer) value(name).getValue();
  }

  /** Returns whether a frac comes from calibration. */
  public boolean isCalibrated(String frac) {
    return number(frac) == QuantInt8.CALIBRATED;
  }

  public boolean flag(String name) {
    return (Boolean) value(name).getValue();
  }

  /** Returns the sign that this annotation itself has. */
  public SignRequest sign() {
    return SignRequest.valueOf(
        ((VariableElement) value("sign").getValue()).getSimpleName().toString());
  }

  /** Returns the annotation to read a value of: the class's if only that one gives it. */
  public QuantAnnotation sourceOf(String name) {
    return isGiven(name) ? this : ofClass.filter(defaults -> defaults.isGiven(name)).orElse(this);
  }

  /**
   * Returns the name of the annotated parameter in the graph: the name that the annotation gives,
   * or the parameter's own.
   */
  public String nameOfInput() {
    return givesName() ? (String) value(NAME_VALUE).getValue() : element.getSimpleName().toString();
  }

  public boolean givesName() {
    return !value(NAME_VALUE).getValue().equals("");
  }

  AnnotationValue value(String name) {
    return checkNotNull(values.get(name), name);
  }
}
