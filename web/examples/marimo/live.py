import marimo

app = marimo.App()


@app.cell
def _():
    import glassnet as gn

    data = gn.load("mnist", folder="mnist")  # your folder with its four files
    network = gn.Network([gn.Dense(36), gn.Dense(10)], shape=(28, 28), loss="mse", seed=1)
    learner = gn.Learner(network, gn.SGD(lr=3.0), data.train, batch=10, seed=1)
    run = gn.Run(learner, data, epochs=3)
    gn.notebook.watch(run)
    return data, network, run


@app.cell
def _(run):
    for _event in run:
        pass
    done = True
    return (done,)


@app.cell
def _(data, done, network):
    done  # the answer is the trained network's
    network.show(data.test.images[0], data.test.labels[0])
    return


if __name__ == "__main__":
    app.run()
