// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title FOR TESTS ONLY: takes tokens as Uniswap's SwapRouter02 would, and gives out what it holds, one for one.
contract TestRouter {
    struct ExactInputSingleParams {
        address tokenIn;
        address tokenOut;
        uint24 fee;
        address recipient;
        uint256 amountIn;
        uint256 amountOutMinimum;
        uint160 sqrtPriceLimitX96;
    }

    error TransferFailed();

    function exactInputSingle(ExactInputSingleParams calldata params) external payable returns (uint256 amountOut) {
        amountOut = params.amountOutMinimum;
        bool taken = IERC20(params.tokenIn).transferFrom(msg.sender, address(this), params.amountIn);
        if (!taken || !IERC20(params.tokenOut).transfer(params.recipient, amountOut)) revert TransferFailed();
    }
}
