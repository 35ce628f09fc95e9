ROOM := git
git_SRCS := git.c packs.c repo.c revision.c worktree.c
git_NEEDS := base
git_PKGS := libgit2
