package org.slimquant.processor.model;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeVariableName;
import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * The common part of a layer method and its override, or of a constructor and its caller.
 *
 * @param annotations {@code @Deprecated} and {@code @SuppressWarnings}, where they are needed
 * @param access public, protected or nothing
 */
public record Signature(
    ImmutableList<AnnotationSpec> annotations,
    ImmutableSet<Modifier> access,
    ImmutableList<TypeVariableName> typeVariables,
    ImmutableList<Parameter> parameters,
    boolean varargs,
    ImmutableList<TypeName> exceptions) {

  private static final ImmutableSet<Modifier> ACCESS =
      ImmutableSet.of(Modifier.PUBLIC, Modifier.PROTECTED);

  /** Returns the signature with other parameters. */
  public Signature with(ImmutableList<Parameter> others) {
    return new Signature(annotations, access, typeVariables, others, varargs, exceptions);
  }

  /**
   * Returns the constructor that an interface has in effect, for a class with the given modifiers.
   */
  public static Signature ofDefaultConstructor(Set<Modifier> modifiersOfClass) {
    return new Signature(
        ImmutableList.of(),
        accessOf(modifiersOfClass),
        ImmutableList.of(),
        ImmutableList.of(),
        false,
        ImmutableList.of());
  }

  /** Returns public or protected, if it is among the modifiers. */
  public static ImmutableSet<Modifier> accessOf(Iterable<Modifier> modifiers) {
    return ImmutableSet.copyOf(Sets.intersection(ImmutableSet.copyOf(modifiers), ACCESS));
  }
}
