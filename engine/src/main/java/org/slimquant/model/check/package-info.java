/**
 * Rules that hold for the names, the shapes and the messages of a model alike. They know nothing of
 * the model.
 */
@NullMarked
package org.slimquant.model.check;

import org.jspecify.annotations.NullMarked;
