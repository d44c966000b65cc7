#pragma once
#include "window.h"

/* A convolution, and what it works in: all of it lies in one array of `room` numbers. */
typedef struct {
    Window window;
    int filters;
    int padded;       /* numbers of an image with its border of zeros, */
    int line, run;    /* of one of its lines, and of what the window sees of it; */
    int vectors;      /* the same in vectors */
    float *x, *dx;    /* one image, and its gradient, both with borders */
    float *weight;    /* forward: in panels of eight filters; backward: each row in whole vectors */
    float *gradient;  /* as the weight, backward */
    int *offsets;     /* forward: where in the image each number of the window is */
    struct Heard *heard; /* backward: see there */
} Convolution;

/* How many numbers of room it needs: as many for both ways. */
long long room(Window window, int filters);

/* Forward: first the weights, (filters, size, size, channels), and biases; then image by image
 * z (positions, filters). */
Convolution look_forward(Window window, int filters, const float *weight, const float *bias,
                         float *scratch);
void look(const Convolution *through, const float *image, float *z);

/* Backward: image by image from δ (positions, filters) ∂L/∂x, unless dx is NULL; and at the end
 * the weights' gradient g: out ← alpha g + beta out. */
Convolution look_backward(Window window, int filters, const float *weight, float *scratch);
void look_back(const Convolution *through, const float *image, const float *delta, float *dx);
void put_gradient(const Convolution *through, float *out, float alpha, float beta);
